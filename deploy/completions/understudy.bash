# Completions of understudy for bash; written by deploy/completions/update.

# What may follow the subcommand typed so far.
_understudy_command() {
  case $command in
    '')
      commands='simulate get describe explain events stats replay verify log schema version'
      options='-h --help --version'
      valued=''
      ;;
    'simulate')
      commands=''
      options='-h --help --log --seed --fsync -o --output'
      valued='--log --seed -o --output'
      ;;
    'get')
      commands=''
      options='-h --help --at -a --all -w --watch -o --output --log'
      valued='--at -o --output --log'
      ;;
    'describe')
      commands=''
      options='-h --help --at -o --output --log'
      valued='--at -o --output --log'
      ;;
    'explain')
      commands=''
      options='-h --help --chain -o --output --log'
      valued='-o --output --log'
      ;;
    'events')
      commands=''
      options='-h --help --endpoint --type --stream --from --since --until --limit -f --follow -o --output --log'
      valued='--endpoint --type --stream --from --since --until --limit -o --output --log'
      ;;
    'stats')
      commands=''
      options='-h --help --endpoint --since --until -o --output --log'
      valued='--endpoint --since --until -o --output --log'
      ;;
    'replay')
      commands=''
      options='-h --help --until -o --output --log'
      valued='--until -o --output --log'
      ;;
    'verify')
      commands=''
      options='-h --help -o --output --log'
      valued='-o --output --log'
      ;;
    'log')
      commands='info backup restore compact-snapshots'
      options='-h --help'
      valued=''
      ;;
    'log info')
      commands=''
      options='-h --help --log -o --output'
      valued='--log -o --output'
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
    'simulate:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'simulate:-o' | 'simulate:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'simulate:1')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    'get:-o' | 'get:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table wide json yaml name' -- "$current") ;;
    'get:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'get:1')
      mapfile -t COMPREPLY < <(compgen -W 'endpoints pools instances operations' -- "$current") ;;
    'describe:-o' | 'describe:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'describe:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'describe:1')
      mapfile -t COMPREPLY < <(compgen -W 'endpoint' -- "$current") ;;
    'explain:-o' | 'explain:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'explain:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'events:--type')
      mapfile -t COMPREPLY < <(compgen -W 'autoscaler-configured autoscaler-stopped capacity-denied capacity-granted command-accepted command-refused drain-requested endpoint-created endpoint-deleted endpoint-deleting endpoint-failed endpoint-in-service endpoint-updated fallback-chosen instance-drained instance-draining instance-joined instance-launched instance-left instance-lost instance-ready instance-registered instance-released instance-requested instance-start-failed instance-terminated instance-unhealthy launch-attempted launch-cancelled launch-deferred launch-refused launch-requested launch-unconfirmed launch-withdrawn load-observed operation-completed operation-opened orphan-released orphan-returned pool-configured pool-cooled-down pool-reopened pools-exhausted preferred-pool-opened provisioning-timed-out reclaim-noticed request-closed scale-in scale-out scaling-decided' -- "$current") ;;
    'events:-o' | 'events:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'events:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'stats:-o' | 'stats:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json yaml' -- "$current") ;;
    'stats:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'replay:-o' | 'replay:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'replay:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'verify:-o' | 'verify:--output')
      mapfile -t COMPREPLY < <(compgen -W 'table json' -- "$current") ;;
    'verify:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    'log info:--log')
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
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
