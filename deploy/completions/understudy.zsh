#compdef understudy
# Completions of understudy for zsh; written by deploy/completions/update.

_understudy() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--version[Display program version information and exit]' \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
        'apply:Create endpoints, or update those there are'
        'scale:Set how many instances are wanted'
        'delete:Drain an endpoint and give it up'
        'wait:Wait until an endpoint is in a state, or for what becomes of a command'
        'diff:Compare documents with what holds'
        'capacity:Show and change what the provider gives'
        'logs:Show what an instance wrote'
        'simulate:Run a scenario on virtual time and write its log'
        'replay:Fold a log, print the number of records and the digest'
        'verify:Take every decision of a log again and compare'
        'log:Care of a log\: what is in it, backups, snapshots'
        'topics:The topics of a log on Kafka\: make them, judge them'
        'get:List endpoints, pools, instances, operations'
        'describe:Show one endpoint in detail'
        'explain:Say why a fallback, an instance or any record came about'
        'events:List the events of a log, oldest first'
        'stats:Report on a period\: capacity, fallbacks, refusals, cost'
        'schema:Say which fields an endpoint or a scenario may have'
        'version:Say which release it is'
      )
      _describe command commands ;;
    argument)
      case $words[1] in
        apply) _understudy_apply ;;
        scale) _understudy_scale ;;
        delete) _understudy_delete ;;
        wait) _understudy_wait ;;
        diff) _understudy_diff ;;
        capacity) _understudy_capacity ;;
        logs) _understudy_logs ;;
        simulate) _understudy_simulate ;;
        replay) _understudy_replay ;;
        verify) _understudy_verify ;;
        log) _understudy_log ;;
        topics) _understudy_topics ;;
        get) _understudy_get ;;
        describe) _understudy_describe ;;
        explain) _understudy_explain ;;
        events) _understudy_events ;;
        stats) _understudy_stats ;;
        schema) _understudy_schema ;;
        version) _understudy_version ;;
      esac ;;
  esac
}

_understudy_apply() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '*'{-f,--file}'[YAML or JSON with one endpoint or more; - is standard input]:file:_files' \
    '--dry-run[Change nothing; show what would be decided]' \
    '--command-id[Id of the command, for one document]:command-id:' \
    '--wait[Wait until in service; fails when one fails]' \
    '--wait-timeout[How long to wait (default\: 10m)]:wait-timeout:' \
    '--timeout[How long to repeat while the daemon cannot answer (default\: 30s)]:timeout:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files'
}

_understudy_scale() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--variant[Which variant, where there are several]:variant:' \
    '--dry-run[Change nothing; show what would be decided]' \
    '--command-id[Id of the command]:command-id:' \
    '--wait[Wait until as many are ready]' \
    '--wait-timeout[How long to wait (default\: 10m)]:wait-timeout:' \
    '--timeout[How long to repeat while the daemon cannot answer (default\: 30s)]:timeout:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:endpoint:' \
    '2:count:'
}

_understudy_delete() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--dry-run[Change nothing; show what would be decided]' \
    '--command-id[Id of the command]:command-id:' \
    '--wait[Wait until it is gone]' \
    '--wait-timeout[How long to wait (default\: 10m)]:wait-timeout:' \
    '--timeout[How long to repeat while the daemon cannot answer (default\: 30s)]:timeout:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:what:(endpoint)' \
    '2:name:'
}

_understudy_wait() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--endpoint[Of a command\: that it was for]:endpoint:' \
    '--for[Any of these states (default\: in-service,failed)]:for:' \
    '--timeout[How long to wait (default\: 10m)]:timeout:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:what:'
}

_understudy_diff() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '*'{-f,--file}'[YAML or JSON with one endpoint or more; - is standard input]:file:_files' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files'
}

_understudy_capacity() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
        'list:Show every offering and its state'
        'close:Refuse every launch there for want of capacity'
        'open:Give again what there is'
        'quota:Refuse the next calls\: the quota is used up'
        'throttle:Refuse the next calls\: too many requests'
        'infeasible:Refuse the next calls\: not offered there'
        'unknown:Launch, but lose the answers to the next calls'
      )
      _describe command commands ;;
    argument)
      case $words[1] in
        list) _understudy_capacity_list ;;
        close) _understudy_capacity_close ;;
        open) _understudy_capacity_open ;;
        quota) _understudy_capacity_quota ;;
        throttle) _understudy_capacity_throttle ;;
        infeasible) _understudy_capacity_infeasible ;;
        unknown) _understudy_capacity_unknown ;;
      esac ;;
  esac
}

_understudy_capacity_list() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml|name]:output:(table json yaml name)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files'
}

_understudy_capacity_close() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_capacity_open() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_capacity_quota() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--calls[How many calls (default\: 1)]:calls:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_capacity_throttle() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--calls[How many calls (default\: 1)]:calls:' \
    '--retry-after[What the provider says to wait (default\: 1s)]:retry-after:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_capacity_infeasible() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--calls[How many calls (default\: 1)]:calls:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_capacity_unknown() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--calls[How many calls (default\: 1)]:calls:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:offering:'
}

_understudy_logs() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-n --lines)'{-n,--lines}'[How many of the last lines (default\: 100)]:lines:' \
    '(-f --follow)'{-f,--follow}'[Go on as it writes, until it is gone]' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:instance:'
}

_understudy_simulate() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[Directory of the log to write, or to go on with]:log:_files -/' \
    '--seed[In place of the scenario'\''s seed]:seed:' \
    '--fsync[Make every commit survive a power cut (slower)]' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:SCENARIO:_files'
}

_understudy_replay() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--until[End after it]:until:' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:'
}

_understudy_verify() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:'
}

_understudy_log() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
        'info:Say what is in a log and how its file is used'
        'backup:Copy a log, also while it is written'
        'restore:Put a backup where no log is'
        'compact-snapshots:Write snapshots, remove older ones'
      )
      _describe command commands ;;
    argument)
      case $words[1] in
        info) _understudy_log_info ;;
        backup) _understudy_log_backup ;;
        restore) _understudy_log_restore ;;
        compact-snapshots) _understudy_log_compact_snapshots ;;
      esac ;;
  esac
}

_understudy_log_info() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:dir:_files -/'
}

_understudy_log_backup() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log\: DIR or embedded\:DIR]:log:_files -/' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:other:'
}

_understudy_log_restore() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log\: DIR or embedded\:DIR]:log:_files -/' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:other:'
}

_understudy_log_compact_snapshots() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log\: DIR or embedded\:DIR]:log:_files -/' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:dir:_files -/'
}

_understudy_topics() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
        'create:Make the topics that are missing'
        'check:Say what would lose data'
      )
      _describe command commands ;;
    argument)
      case $words[1] in
        create) _understudy_topics_create ;;
        check) _understudy_topics_check ;;
      esac ;;
  esac
}

_understudy_topics_create() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The cluster\: kafka\:HOST\:PORT,...]:log:' \
    '--partitions[Of commands, journal, events and snapshots (create\: 8)]:partitions:' \
    '--production[Refuse fewer than 3 replicas, or 2 in sync]' \
    '--replication[Copies of each topic (default\: 3, or one for each broker)]:replication:' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)'
}

_understudy_topics_check() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The cluster\: kafka\:HOST\:PORT,...]:log:' \
    '--partitions[Of commands, journal, events and snapshots (create\: 8)]:partitions:' \
    '--production[Refuse fewer than 3 replicas, or 2 in sync]' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)'
}

_understudy_get() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--at[As it was at a position or time]:at:' \
    '(-a --all)'{-a,--all}'[What ended too]' \
    '(-w --watch)'{-w,--watch}'[Go on with what changes\: on a terminal the table is drawn again, elsewhere changed rows or JSON lines]' \
    '(-o --output)'{-o,--output}'[Output\: table|wide|json|yaml|name]:output:(table wide json yaml name)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:what:(endpoints pools instances operations)' \
    '2:name:'
}

_understudy_describe() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--at[As it was at a position or time]:at:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:what:(endpoint)' \
    '2:name:'
}

_understudy_explain() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--chain[The records alone]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files' \
    '1:subject:'
}

_understudy_events() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--endpoint[Only of this endpoint]:endpoint:' \
    '--type[Only of these types, a,b,...]:type:(autoscaler-configured autoscaler-stopped capacity-denied capacity-granted command-accepted command-refused drain-requested endpoint-created endpoint-deleted endpoint-deleting endpoint-failed endpoint-in-service endpoint-updated fallback-chosen instance-drained instance-draining instance-joined instance-launched instance-left instance-lost instance-ready instance-registered instance-released instance-requested instance-start-failed instance-terminated instance-unhealthy launch-attempted launch-cancelled launch-deferred launch-refused launch-requested launch-unconfirmed launch-withdrawn load-observed operation-completed operation-opened orphan-released orphan-returned pool-configured pool-cooled-down pool-reopened pools-exhausted preferred-pool-opened provisioning-timed-out reclaim-noticed request-closed scale-in scale-out scaling-decided)' \
    '--stream[Only of this stream]:stream:' \
    '--from[Begin at this position]:from:' \
    '--since[Begin at this position or time]:since:' \
    '--until[End after it]:until:' \
    '--limit[At most so many]:limit:' \
    '(-f --follow)'{-f,--follow}'[Go on with new events as they become durable]' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files'
}

_understudy_stats() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--endpoint[Only of this endpoint]:endpoint:' \
    '--since[Begin of the period]:since:' \
    '--until[End of the period]:until:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR, embedded\:DIR or kafka\:HOST\:PORT,...]:log:_files -/' \
    '--kafka-config[Kafka\: file with settings of librdkafka, KEY=VALUE a line]:kafka-config:_files' \
    '--kafka[Kafka\: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets]:kafka:' \
    '--kafka-prefix[Kafka\: what the names of the topics begin with (default\: understudy)]:kafka-prefix:' \
    '--server[The daemon (default\: http\://127.0.0.1\:7780)]:server:' \
    '--token-file[File with the daemon'\''s bearer token]:token-file:_files'
}

_understudy_schema() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '1:name:'
}

_understudy_version() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)'
}

_understudy "$@"
