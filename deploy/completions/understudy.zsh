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
        'simulate:Run a scenario on virtual time and write its log'
        'get:List endpoints, pools, instances, operations'
        'describe:Show one endpoint in detail'
        'explain:Say why a fallback, an instance or any record came about'
        'events:List the events of a log, oldest first'
        'stats:Report on a period\: capacity, fallbacks, refusals, cost'
        'replay:Fold a log, print the number of records and the digest'
        'verify:Take every decision of a log again and compare'
        'log:Care of a log\: what is in it, backups, snapshots'
        'schema:Say which fields an endpoint or a scenario may have'
        'version:Say which release it is'
      )
      _describe command commands ;;
    argument)
      case $words[1] in
        simulate) _understudy_simulate ;;
        get) _understudy_get ;;
        describe) _understudy_describe ;;
        explain) _understudy_explain ;;
        events) _understudy_events ;;
        stats) _understudy_stats ;;
        replay) _understudy_replay ;;
        verify) _understudy_verify ;;
        log) _understudy_log ;;
        schema) _understudy_schema ;;
        version) _understudy_version ;;
      esac ;;
  esac
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

_understudy_get() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--at[As it was at a position or time]:at:' \
    '(-a --all)'{-a,--all}'[What ended too]' \
    '(-w --watch)'{-w,--watch}'[Go on with what changes\: on a terminal the table is drawn again, elsewhere changed rows or JSON lines]' \
    '(-o --output)'{-o,--output}'[Output\: table|wide|json|yaml|name]:output:(table wide json yaml name)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/' \
    '1:what:(endpoints pools instances operations)' \
    '2:name:'
}

_understudy_describe() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--at[As it was at a position or time]:at:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/' \
    '1:what:(endpoint)' \
    '2:name:'
}

_understudy_explain() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--chain[The records alone]' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/' \
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
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/'
}

_understudy_stats() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--endpoint[Only of this endpoint]:endpoint:' \
    '--since[Begin of the period]:since:' \
    '--until[End of the period]:until:' \
    '(-o --output)'{-o,--output}'[Output\: table|json|yaml]:output:(table json yaml)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/'
}

_understudy_replay() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--until[End after it]:until:' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/'
}

_understudy_verify() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/'
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
    '--log[The log\: DIR or embedded\:DIR]:log:_files -/' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:dir:_files -/'
}

_understudy_log_backup() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/' \
    '(-o --output)'{-o,--output}'[Output\: table|json]:output:(table json)' \
    '1:other:'
}

_understudy_log_restore() {
  _arguments \
    '(-h --help)'{-h,--help}'[Print this help message and exit]' \
    '--log[The log to read\: DIR or embedded\:DIR]:log:_files -/' \
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
