# Completions of understudy for fish; written by deploy/completions/update.

set -g __understudy_commands \
    'simulate' \
    'get' \
    'describe' \
    'explain' \
    'events' \
    'stats' \
    'replay' \
    'verify' \
    'log' \
    'log info' \
    'log backup' \
    'log restore' \
    'log compact-snapshots' \
    'schema' \
    'version'
# Options that take a value, which is no subcommand.
set -g __understudy_valued \
    'simulate:--log' \
    'simulate:--seed' \
    'simulate:-o' \
    'simulate:--output' \
    'get:--at' \
    'get:-o' \
    'get:--output' \
    'get:--log' \
    'describe:--at' \
    'describe:-o' \
    'describe:--output' \
    'describe:--log' \
    'explain:-o' \
    'explain:--output' \
    'explain:--log' \
    'events:--endpoint' \
    'events:--type' \
    'events:--stream' \
    'events:--from' \
    'events:--since' \
    'events:--until' \
    'events:--limit' \
    'events:-o' \
    'events:--output' \
    'events:--log' \
    'stats:--endpoint' \
    'stats:--since' \
    'stats:--until' \
    'stats:-o' \
    'stats:--output' \
    'stats:--log' \
    'replay:--until' \
    'replay:-o' \
    'replay:--output' \
    'replay:--log' \
    'verify:-o' \
    'verify:--output' \
    'verify:--log' \
    'log info:--log' \
    'log info:-o' \
    'log info:--output' \
    'log backup:--log' \
    'log backup:-o' \
    'log backup:--output' \
    'log restore:--log' \
    'log restore:-o' \
    'log restore:--output' \
    'log compact-snapshots:--log' \
    'log compact-snapshots:-o' \
    'log compact-snapshots:--output' \
    'schema:-o' \
    'schema:--output' \
    'version:-o' \
    'version:--output'

function __understudy_is --description 'This subcommand, at this place'
    set -l path ''
    set -l place 1
    set -l value 0
    for word in (commandline -opc)[2..]
        if test $value = 1
            set value 0
        else if contains -- "$path:$word" $__understudy_valued
            set value 1
        else if string match -q -- '-*' $word
            continue
        else if contains -- (string trim "$path $word") $__understudy_commands
            set path (string trim "$path $word")
        else
            set place (math $place + 1)
        end
    end
    test "$path" = "$argv[1]"; or return 1
    test (count $argv) = 1; or test $argv[2] = $place; or test $argv[2] = '*'
end

complete -c understudy -f

complete -c understudy -n "__understudy_is '' 1" -a simulate -d 'Run a scenario on virtual time and write its log'
complete -c understudy -n "__understudy_is '' 1" -a get -d 'List endpoints, pools, instances, operations'
complete -c understudy -n "__understudy_is '' 1" -a describe -d 'Show one endpoint in detail'
complete -c understudy -n "__understudy_is '' 1" -a explain -d 'Say why a fallback, an instance or any record came about'
complete -c understudy -n "__understudy_is '' 1" -a events -d 'List the events of a log, oldest first'
complete -c understudy -n "__understudy_is '' 1" -a stats -d 'Report on a period: capacity, fallbacks, refusals, cost'
complete -c understudy -n "__understudy_is '' 1" -a replay -d 'Fold a log, print the number of records and the digest'
complete -c understudy -n "__understudy_is '' 1" -a verify -d 'Take every decision of a log again and compare'
complete -c understudy -n "__understudy_is '' 1" -a log -d 'Care of a log: what is in it, backups, snapshots'
complete -c understudy -n "__understudy_is '' 1" -a schema -d 'Say which fields an endpoint or a scenario may have'
complete -c understudy -n "__understudy_is '' 1" -a version -d 'Say which release it is'
complete -c understudy -n "__understudy_is ''" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is ''" -l version -d 'Display program version information and exit'
complete -c understudy -n "__understudy_is 'simulate'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'simulate'" -l log -x -a '(__fish_complete_directories)' -d 'Directory of the log to write, or to go on with'
complete -c understudy -n "__understudy_is 'simulate'" -l seed -x -d 'In place of the scenario\'s seed'
complete -c understudy -n "__understudy_is 'simulate'" -l fsync -d 'Make every commit survive a power cut (slower)'
complete -c understudy -n "__understudy_is 'simulate'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'simulate' '1'" -F
complete -c understudy -n "__understudy_is 'get'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'get'" -l at -x -d 'As it was at a position or time'
complete -c understudy -n "__understudy_is 'get'" -s a -l all -d 'What ended too'
complete -c understudy -n "__understudy_is 'get'" -s w -l watch -d 'Go on with what changes: on a terminal the table is drawn again, elsewhere changed rows or JSON lines'
complete -c understudy -n "__understudy_is 'get'" -s o -l output -x -a 'table wide json yaml name' -d 'Output: table|wide|json|yaml|name'
complete -c understudy -n "__understudy_is 'get'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'get' '1'" -a 'endpoints pools instances operations'
complete -c understudy -n "__understudy_is 'describe'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'describe'" -l at -x -d 'As it was at a position or time'
complete -c understudy -n "__understudy_is 'describe'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'describe'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'describe' '1'" -a 'endpoint'
complete -c understudy -n "__understudy_is 'explain'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'explain'" -l chain -d 'The records alone'
complete -c understudy -n "__understudy_is 'explain'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'explain'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'events'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'events'" -l endpoint -x -d 'Only of this endpoint'
complete -c understudy -n "__understudy_is 'events'" -l type -x -a 'autoscaler-configured autoscaler-stopped capacity-denied capacity-granted command-accepted command-refused drain-requested endpoint-created endpoint-deleted endpoint-deleting endpoint-failed endpoint-in-service endpoint-updated fallback-chosen instance-drained instance-draining instance-joined instance-launched instance-left instance-lost instance-ready instance-registered instance-released instance-requested instance-start-failed instance-terminated instance-unhealthy launch-attempted launch-cancelled launch-deferred launch-refused launch-requested launch-unconfirmed launch-withdrawn load-observed operation-completed operation-opened orphan-released orphan-returned pool-configured pool-cooled-down pool-reopened pools-exhausted preferred-pool-opened provisioning-timed-out reclaim-noticed request-closed scale-in scale-out scaling-decided' -d 'Only of these types, a,b,...'
complete -c understudy -n "__understudy_is 'events'" -l stream -x -d 'Only of this stream'
complete -c understudy -n "__understudy_is 'events'" -l from -x -d 'Begin at this position'
complete -c understudy -n "__understudy_is 'events'" -l since -x -d 'Begin at this position or time'
complete -c understudy -n "__understudy_is 'events'" -l until -x -d 'End after it'
complete -c understudy -n "__understudy_is 'events'" -l limit -x -d 'At most so many'
complete -c understudy -n "__understudy_is 'events'" -s f -l follow -d 'Go on with new events as they become durable'
complete -c understudy -n "__understudy_is 'events'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'events'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'stats'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'stats'" -l endpoint -x -d 'Only of this endpoint'
complete -c understudy -n "__understudy_is 'stats'" -l since -x -d 'Begin of the period'
complete -c understudy -n "__understudy_is 'stats'" -l until -x -d 'End of the period'
complete -c understudy -n "__understudy_is 'stats'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'stats'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'replay'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'replay'" -l until -x -d 'End after it'
complete -c understudy -n "__understudy_is 'replay'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'replay'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'verify'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'verify'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'verify'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log' 1" -a info -d 'Say what is in a log and how its file is used'
complete -c understudy -n "__understudy_is 'log' 1" -a backup -d 'Copy a log, also while it is written'
complete -c understudy -n "__understudy_is 'log' 1" -a restore -d 'Put a backup where no log is'
complete -c understudy -n "__understudy_is 'log' 1" -a compact-snapshots -d 'Write snapshots, remove older ones'
complete -c understudy -n "__understudy_is 'log'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log info'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log info'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log info'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log info' '1'" -a '(__fish_complete_directories)'
complete -c understudy -n "__understudy_is 'log backup'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log backup'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log backup'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log restore'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log restore'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log restore'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log compact-snapshots' '1'" -a '(__fish_complete_directories)'
complete -c understudy -n "__understudy_is 'schema'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'schema'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'version'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'version'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
