# Completions of understudy for bash; written by deploy/completions/update.

# What may follow the subcommand typed so far.
_understudy_command() {
  case $command in
    '')
      commands='apply scale delete wait diff capacity logs simulate replay verify log topics get describe explain events stats schema version'
      options='-h --help --version'
      valued=''
      ;;
    'apply')
      commands=''
      options='-h --help -f --file --dry-run --command-id --wait --wait-timeout --timeout -o --output --server --token-file'
      valued='-f --file --command-id --wait-timeout --timeout -o --output --server --token-file'
      ;;
    'scale')
      commands=''
      options='-h --help --variant --dry-run --command-id --wait --wait-timeout --timeout -o --output --server --token-file'
      valued='--variant --command-id --wait-timeout --timeout -o --output --server --token-file'
      ;;
    'delete')
      commands=''
      options='-h --help --dry-run --command-id --wait --wait-timeout --timeout -o --output --server --token-file'
      valued='--command-id --wait-timeout --timeout -o --output --server --token-file'
      ;;
    'wait')
      commands=''
      options='-h --help --endpoint --for --timeout -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='--endpoint --for --timeout -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'diff')
      commands=''
      options='-h --help -f --file -o --output --server --token-file'
      valued='-f --file -o --output --server --token-file'
      ;;
    'capacity')
      commands='list close open quota throttle infeasible unknown'
      options='-h --help'
      valued=''
      ;;
    'capacity list')
      commands=''
      options='-h --help -o --output --server --token-file'
      valued='-o --output --server --token-file'
      ;;
    'capacity close')
      commands=''
      options='-h --help -o --output --server --token-file'
      valued='-o --output --server --token-file'
      ;;
    'capacity open')
      commands=''
      options='-h --help -o --output --server --token-file'
      valued='-o --output --server --token-file'
      ;;
    'capacity quota')
      commands=''
      options='-h --help --calls -o --output --server --token-file'
      valued='--calls -o --output --server --token-file'
      ;;
    'capacity throttle')
      commands=''
      options='-h --help --calls --retry-after -o --output --server --token-file'
      valued='--calls --retry-after -o --output --server --token-file'
      ;;
    'capacity infeasible')
      commands=''
      options='-h --help --calls -o --output --server --token-file'
      valued='--calls -o --output --server --token-file'
      ;;
    'capacity unknown')
      commands=''
      options='-h --help --calls -o --output --server --token-file'
      valued='--calls -o --output --server --token-file'
      ;;
    'logs')
      commands=''
      options='-h --help -n --lines -f --follow --server --token-file'
      valued='-n --lines --server --token-file'
      ;;
    'simulate')
      commands=''
      options='-h --help --log --seed --fsync -o --output'
      valued='--log --seed -o --output'
      ;;
    'replay')
      commands=''
      options='-h --help --until -o --output --log --kafka-config --kafka --kafka-prefix'
      valued='--until -o --output --log --kafka-config --kafka --kafka-prefix'
      ;;
    'verify')
      commands=''
      options='-h --help -o --output --log --kafka-config --kafka --kafka-prefix'
      valued='-o --output --log --kafka-config --kafka --kafka-prefix'
      ;;
    'log')
      commands='info backup restore compact-snapshots'
      options='-h --help'
      valued=''
      ;;
    'log info')
      commands=''
      options='-h --help --log --kafka-config --kafka --kafka-prefix -o --output'
      valued='--log --kafka-config --kafka --kafka-prefix -o --output'
      ;;
    'log backup')
      commands=''
      options='-h --help --log -o --output'
      valued='--log -o --output'
      ;;
    'log restore')
      commands=''
      options='-h --help --log -o --output'
      valued='--log -o --output'
      ;;
    'log compact-snapshots')
      commands=''
      options='-h --help --log -o --output'
      valued='--log -o --output'
      ;;
    'topics')
      commands='create check'
      options='-h --help'
      valued=''
      ;;
    'topics create')
      commands=''
      options='-h --help --log --partitions --production --replication --kafka-config --kafka --kafka-prefix -o --output'
      valued='--log --partitions --replication --kafka-config --kafka --kafka-prefix -o --output'
      ;;
    'topics check')
      commands=''
      options='-h --help --log --partitions --production --kafka-config --kafka --kafka-prefix -o --output'
      valued='--log --partitions --kafka-config --kafka --kafka-prefix -o --output'
      ;;
    'get')
      commands=''
      options='-h --help --at -a --all -w --watch -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='--at -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'describe')
      commands=''
      options='-h --help --at -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='--at -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'explain')
      commands=''
      options='-h --help --chain -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='-o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'events')
      commands=''
      options='-h --help --endpoint --type --stream --from --since --until --limit -f --follow -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='--endpoint --type --stream --from --since --until --limit -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'stats')
      commands=''
      options='-h --help --endpoint --since --until -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      valued='--endpoint --since --until -o --output --log --kafka-config --kafka --kafka-prefix --server --token-file'
      ;;
    'schema')
      commands=''
      options='-h --help -o --output'
      valued='-o --output'
      ;;
    'version')
      commands=''
      options='-h --help -o --output'
      valued='-o --output'
      ;;
  esac
}

# The values of an option, or of a word in its place.
_understudy_value() {
  case $command:${expects:-$place} in
    'apply:-f' | 'apply:--file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'apply:-o' | 'apply:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'apply:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'scale:-o' | 'scale:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'scale:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'delete:-o' | 'delete:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'delete:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'delete:1')
      mapfile -t COMPREPLY < <(compgen -W 'endpoint' -- "$current") ;;
    'wait:-o' | 'wait:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'wait:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'wait:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'wait:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'diff:-f' | 'diff:--file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'diff:-o' | 'diff:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'diff:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity list:-o' | 'capacity list:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml name' -- "$current") ;;
    'capacity list:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity close:-o' | 'capacity close:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity close:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity open:-o' | 'capacity open:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity open:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity quota:-o' | 'capacity quota:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity quota:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity throttle:-o' | 'capacity throttle:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity throttle:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity infeasible:-o' | 'capacity infeasible:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity infeasible:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'capacity unknown:-o' | 'capacity unknown:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'capacity unknown:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'logs:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'simulate:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'simulate:-o' | 'simulate:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'simulate:1')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'replay:-o' | 'replay:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'replay:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'replay:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'verify:-o' | 'verify:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'verify:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'verify:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'log info:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log info:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'log info:-o' | 'log info:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'log info:1')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log backup:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log backup:-o' | 'log backup:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'log restore:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log restore:-o' | 'log restore:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'log compact-snapshots:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log compact-snapshots:-o' | 'log compact-snapshots:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'log compact-snapshots:1')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'topics create:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'topics create:-o' | 'topics create:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'topics check:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'topics check:-o' | 'topics check:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'get:-o' | 'get:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table wide json yaml name' -- "$current") ;;
    'get:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'get:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'get:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'get:1')
      mapfile -t COMPREPLY < <(compgen -W 'endpoints pools instances operations' -- "$current") ;;
    'describe:-o' | 'describe:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'describe:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'describe:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'describe:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'describe:1')
      mapfile -t COMPREPLY < <(compgen -W 'endpoint' -- "$current") ;;
    'explain:-o' | 'explain:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'explain:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'explain:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'explain:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'events:--type')
      mapfile -t COMPREPLY < <(compgen -W 'autoscaler-configured autoscaler-stopped capacity-denied capacity-granted command-accepted command-refused drain-requested endpoint-created endpoint-deleted endpoint-deleting endpoint-failed endpoint-in-service endpoint-updated fallback-chosen instance-drained instance-draining instance-joined instance-launched instance-left instance-lost instance-ready instance-registered instance-released instance-requested instance-start-failed instance-terminated instance-unhealthy launch-attempted launch-cancelled launch-deferred launch-refused launch-requested launch-unconfirmed launch-withdrawn load-observed operation-completed operation-opened orphan-released orphan-returned pool-configured pool-cooled-down pool-reopened pools-exhausted preferred-pool-opened provisioning-timed-out reclaim-noticed request-closed scale-in scale-out scaling-decided' -- "$current") ;;
    'events:-o' | 'events:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'events:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'events:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'events:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'stats:-o' | 'stats:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'stats:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'stats:--kafka-config')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'stats:--token-file')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'schema:-o' | 'schema:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'version:-o' | 'version:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
  esac
}

_understudy() {
  local current=${COMP_WORDS[COMP_CWORD]}
  local command='' place=1 expects='' at word commands options valued
  _understudy_command
  # What stands before the cursor: the subcommand, options with their values,
  # and how many other words.
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    if [[ " $valued " == *" $word "* ]]; then
      ((at++))
      [[ ${COMP_WORDS[at]} == '=' ]] && ((at < COMP_CWORD)) && ((at++))
      ((at >= COMP_CWORD)) && expects=$word
    elif [[ $word == -* ]]; then
      :
    elif [[ " $commands " == *" $word "* ]]; then
      command+=${command:+ }$word
      _understudy_command
    else
      ((place++))
    fi
  done
  [[ $current == '=' ]] && current=''
  COMPREPLY=()
  if [[ -z $expects && $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ -z $expects && -n $commands ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
  else
    _understudy_value
  fi
}

complete -F _understudy understudy
