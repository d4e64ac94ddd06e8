# Sourced by `broker`: how a broker's directory is made.
# shellcheck shell=bash
# shellcheck disable=SC2154
# Ports from here on; below those that the system gives to connections.
readonly first_port=20000 ports_in_all=12000

choose_ports() {
  local taken port chosen=()
  taken=$(awk 'FNR > 1 {split($2, at, ":"); print at[2]}' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null || true)
  while ((${#chosen[@]} < 2 * brokers)); do
    port=$((first_port + SRANDOM % ports_in_all))
    grep -qixF "$(printf %04X "$port")" <<<"$taken" && continue
    [[ " ${chosen[*]-} " == *" $port "* ]] || chosen+=("$port")
  done
  ports=${chosen[*]}
}

# The port of node $1 for clients, or ($2 = 1) for the controllers.
port_of() {
  local each
  read -r -a each <<<"$ports"
  echo "${each[2 * ($1 - 1) + ${2-0}]}"
}

addresses() {
  local node list=
  for node in $(nodes); do
    list+=,127.0.0.1:$(port_of "$node" "${1-0}")
  done
  echo "${list#,}"
}

voters() {
  local node list=
  for node in $(nodes); do
    list+=,$node@127.0.0.1:$(port_of "$node" 1)
  done
  echo "${list#,}"
}

protocol() {
  case "$scram$tls" in
    00) echo PLAINTEXT ;;
    01) echo SSL ;;
    10) echo SASL_PLAINTEXT ;;
    11) echo SASL_SSL ;;
  esac
}

lower_protocol() { protocol | tr '[:upper:]' '[:lower:]'; }

# Each user with its password.
accounts() {
  ((scram)) || return 0
  echo "admin $password"
  local name
  for name in $users; do
    echo "$name $(printf '%s' "$password $name" | sha256sum | cut -c -32)"
  done
}

login() {
  echo "org.apache.kafka.common.security.$1 required" \
    "username=\"$2\" password=\"$3\""
}

server_settings() {
  local node=$1 copies=$((brokers < 3 ? brokers : 3)) plain name secret
  cat <<EOF
process.roles=broker,controller
node.id=$node
listeners=$(protocol)://127.0.0.1:$(port_of "$node"),CONTROLLER://127.0.0.1:$(port_of "$node" 1)
advertised.listeners=$(protocol)://127.0.0.1:$(port_of "$node")
listener.security.protocol.map=CONTROLLER:$(protocol),$(protocol):$(protocol)
inter.broker.listener.name=$(protocol)
controller.listener.names=CONTROLLER
controller.quorum.voters=$(voters)
log.dirs=$(node_file "$node" data)
default.replication.factor=$copies
offsets.topic.replication.factor=$copies
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$copies
transaction.state.log.min.isr=$((copies > 2 ? 2 : 1))
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=$copies
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
message.max.bytes=4194304
# A transaction whose producer died ends soon after its time is over.
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
# A killed broker comes back when its old session is over.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
# Taken from the heap at the start, whether it is used or not.
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
EOF
  if ((tls)); then
    cat <<EOF
ssl.keystore.type=PEM
ssl.keystore.location=$dir/tls/server.pem
ssl.truststore.type=PEM
ssl.truststore.location=$dir/ca.pem
EOF
  fi
  if ((scram)); then
    # Controllers cannot look up a user before they are a quorum.
    plain=$(login plain.PlainLoginModule admin "$password")
    while read -r name secret; do
      plain+=" user_$name=\"$secret\""
    done < <(accounts)
    cat <<EOF
sasl.enabled.mechanisms=SCRAM-SHA-256,PLAIN
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256
sasl.mechanism.controller.protocol=PLAIN
listener.name.$(lower_protocol).scram-sha-256.sasl.jaas.config=$(login scram.ScramLoginModule admin "$password");
listener.name.$(lower_protocol).plain.sasl.jaas.config=$plain;
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=$plain;
EOF
  fi
  if ((acl)); then
    cat <<EOF
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin
EOF
  fi
  printf '%s' "$settings"
}

make_certificates() {
  mkdir -p "$dir/tls"
  {
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -sha256 \
      -subj "/CN=understudy CA" -keyout "$dir/tls/ca.key" -out "$dir/ca.pem" \
      -addext basicConstraints=critical,CA:TRUE \
      -addext keyUsage=critical,keyCertSign,cRLSign &&
    openssl req -newkey rsa:2048 -nodes -sha256 -subj "/CN=127.0.0.1" \
      -keyout "$dir/tls/server.key" -out "$dir/tls/server.csr" &&
    openssl x509 -req -in "$dir/tls/server.csr" -CA "$dir/ca.pem" -sha256 \
      -CAkey "$dir/tls/ca.key" -CAcreateserial -days 3650 -extfile <(
        echo "subjectAltName=IP:127.0.0.1,DNS:localhost"
        echo "extendedKeyUsage=serverAuth,clientAuth"
      ) -out "$dir/tls/server.crt"
  } >"$dir/tls/log" 2>&1 || fail "openssl failed: $(tail -n 1 "$dir/tls/log")"
  cat "$dir/tls/server.key" "$dir/tls/server.crt" >"$dir/tls/server.pem"
}

# What a client needs to connect as $1 with password $2: for librdkafka, then
# for Java's clients. librdkafka before 2.6.1 repeats a part of the nonce, for
# which Kafka 4 refuses its SCRAM.
librdkafka_settings() {
  echo "bootstrap.servers=$(addresses)"
  echo "security.protocol=$(lower_protocol)"
  ((tls)) && echo "ssl.ca.location=$dir/ca.pem"
  ((scram)) && printf '%s\n' sasl.mechanism=PLAIN "sasl.username=$1" \
    "sasl.password=$2"
  return 0
}

java_settings() {
  echo "bootstrap.servers=$(addresses)"
  echo "security.protocol=$(protocol)"
  ((tls)) && printf '%s\n' ssl.truststore.type=PEM \
    "ssl.truststore.location=$dir/ca.pem"
  ((scram)) && printf '%s\n' sasl.mechanism=SCRAM-SHA-256 \
    "sasl.jaas.config=$(login scram.ScramLoginModule "$1" "$2");"
  return 0
}

format() {
  local node=$1 made=() name secret
  while read -r name secret; do
    made+=(--add-scram "SCRAM-SHA-256=[name=\"$name\",password=\"$secret\"]")
  done < <(accounts)
  rm -rf "$(node_file "$node" data)"
  mkdir -p "$(node_file "$node" data)" "$(node_file "$node" tmp)"
  server_settings "$node" >"$(node_file "$node" server.properties)"
  java -Xmx64m -XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1 \
    -cp "$jars/*" "-Dlog4j2.configurationFile=$here/log4j2.properties" \
    kafka.tools.StorageTool format "--cluster-id=$cluster" "${made[@]}" \
    -c "$(node_file "$node" server.properties)" \
    >"$(node_file "$node" log)" 2>&1 9>&- </dev/null
}

make() {
  local node waiting=() cluster name secret
  cluster=$(openssl rand -base64 16 | tr '+/' '-_' | tr -d '=')
  cluster=${cluster/#-/A} # one that begins so is taken for an option
  choose_ports
  for node in $(nodes); do
    mkdir -p "$dir/broker-$node"
    format "$node" &
    waiting+=($!)
  done
  ((tls)) && [[ ! -f $dir/ca.pem ]] && make_certificates
  for node in $(nodes); do
    wait "${waiting[node - 1]}" || fail "cannot format broker $node:" \
      "$(tail -n 1 "$(node_file "$node" log)")"
  done
  addresses >"$dir/bootstrap"
  librdkafka_settings admin "$password" >"$dir/client.properties"
  java_settings admin "$password" >"$dir/java.properties"
  while read -r name secret; do
    librdkafka_settings "$name" "$secret" >"$dir/user-$name.properties"
  done < <(accounts)
  write_marker 1
}
