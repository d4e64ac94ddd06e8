# Completions of understudy for fish; written by deploy/completions/update.

set -g __understudy_commands \
    'apply' \
    'scale' \
    'delete' \
    'wait' \
    'diff' \
    'capacity' \
    'capacity list' \
    'capacity close' \
    'capacity open' \
    'capacity quota' \
    'capacity throttle' \
    'capacity infeasible' \
    'capacity unknown' \
    'logs' \
    'simulate' \
    'replay' \
    'verify' \
    'log' \
    'log info' \
    'log backup' \
    'log restore' \
    'log compact-snapshots' \
    'topics' \
    'topics create' \
    'topics check' \
    'get' \
    'describe' \
    'explain' \
    'events' \
    'stats' \
    'schema' \
    'version'
# Options that take a value, which is no subcommand.
set -g __understudy_valued \
    'apply:-f' \
    'apply:--file' \
    'apply:--command-id' \
    'apply:--wait-timeout' \
    'apply:--timeout' \
    'apply:-o' \
    'apply:--output' \
    'apply:--server' \
    'apply:--token-file' \
    'scale:--variant' \
    'scale:--command-id' \
    'scale:--wait-timeout' \
    'scale:--timeout' \
    'scale:-o' \
    'scale:--output' \
    'scale:--server' \
    'scale:--token-file' \
    'delete:--command-id' \
    'delete:--wait-timeout' \
    'delete:--timeout' \
    'delete:-o' \
    'delete:--output' \
    'delete:--server' \
    'delete:--token-file' \
    'wait:--endpoint' \
    'wait:--for' \
    'wait:--timeout' \
    'wait:-o' \
    'wait:--output' \
    'wait:--log' \
    'wait:--kafka-config' \
    'wait:--kafka' \
    'wait:--kafka-prefix' \
    'wait:--server' \
    'wait:--token-file' \
    'diff:-f' \
    'diff:--file' \
    'diff:-o' \
    'diff:--output' \
    'diff:--server' \
    'diff:--token-file' \
    'capacity list:-o' \
    'capacity list:--output' \
    'capacity list:--server' \
    'capacity list:--token-file' \
    'capacity close:-o' \
    'capacity close:--output' \
    'capacity close:--server' \
    'capacity close:--token-file' \
    'capacity open:-o' \
    'capacity open:--output' \
    'capacity open:--server' \
    'capacity open:--token-file' \
    'capacity quota:--calls' \
    'capacity quota:-o' \
    'capacity quota:--output' \
    'capacity quota:--server' \
    'capacity quota:--token-file' \
    'capacity throttle:--calls' \
    'capacity throttle:--retry-after' \
    'capacity throttle:-o' \
    'capacity throttle:--output' \
    'capacity throttle:--server' \
    'capacity throttle:--token-file' \
    'capacity infeasible:--calls' \
    'capacity infeasible:-o' \
    'capacity infeasible:--output' \
    'capacity infeasible:--server' \
    'capacity infeasible:--token-file' \
    'capacity unknown:--calls' \
    'capacity unknown:-o' \
    'capacity unknown:--output' \
    'capacity unknown:--server' \
    'capacity unknown:--token-file' \
    'logs:-n' \
    'logs:--lines' \
    'logs:--server' \
    'logs:--token-file' \
    'simulate:--log' \
    'simulate:--seed' \
    'simulate:-o' \
    'simulate:--output' \
    'replay:--until' \
    'replay:-o' \
    'replay:--output' \
    'replay:--log' \
    'replay:--kafka-config' \
    'replay:--kafka' \
    'replay:--kafka-prefix' \
    'verify:-o' \
    'verify:--output' \
    'verify:--log' \
    'verify:--kafka-config' \
    'verify:--kafka' \
    'verify:--kafka-prefix' \
    'log info:--log' \
    'log info:--kafka-config' \
    'log info:--kafka' \
    'log info:--kafka-prefix' \
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
    'topics create:--log' \
    'topics create:--partitions' \
    'topics create:--replication' \
    'topics create:--kafka-config' \
    'topics create:--kafka' \
    'topics create:--kafka-prefix' \
    'topics create:-o' \
    'topics create:--output' \
    'topics check:--log' \
    'topics check:--partitions' \
    'topics check:--kafka-config' \
    'topics check:--kafka' \
    'topics check:--kafka-prefix' \
    'topics check:-o' \
    'topics check:--output' \
    'get:--at' \
    'get:-o' \
    'get:--output' \
    'get:--log' \
    'get:--kafka-config' \
    'get:--kafka' \
    'get:--kafka-prefix' \
    'get:--server' \
    'get:--token-file' \
    'describe:--at' \
    'describe:-o' \
    'describe:--output' \
    'describe:--log' \
    'describe:--kafka-config' \
    'describe:--kafka' \
    'describe:--kafka-prefix' \
    'describe:--server' \
    'describe:--token-file' \
    'explain:-o' \
    'explain:--output' \
    'explain:--log' \
    'explain:--kafka-config' \
    'explain:--kafka' \
    'explain:--kafka-prefix' \
    'explain:--server' \
    'explain:--token-file' \
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
    'events:--kafka-config' \
    'events:--kafka' \
    'events:--kafka-prefix' \
    'events:--server' \
    'events:--token-file' \
    'stats:--endpoint' \
    'stats:--since' \
    'stats:--until' \
    'stats:-o' \
    'stats:--output' \
    'stats:--log' \
    'stats:--kafka-config' \
    'stats:--kafka' \
    'stats:--kafka-prefix' \
    'stats:--server' \
    'stats:--token-file' \
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

complete -c understudy -n "__understudy_is '' 1" -a apply -d 'Create endpoints, or update those there are'
complete -c understudy -n "__understudy_is '' 1" -a scale -d 'Set how many instances are wanted'
complete -c understudy -n "__understudy_is '' 1" -a delete -d 'Drain an endpoint and give it up'
complete -c understudy -n "__understudy_is '' 1" -a wait -d 'Wait until an endpoint is in a state, or for what becomes of a command'
complete -c understudy -n "__understudy_is '' 1" -a diff -d 'Compare documents with what holds'
complete -c understudy -n "__understudy_is '' 1" -a capacity -d 'Show and change what the provider gives'
complete -c understudy -n "__understudy_is '' 1" -a logs -d 'Show what an instance wrote'
complete -c understudy -n "__understudy_is '' 1" -a simulate -d 'Run a scenario on virtual time and write its log'
complete -c understudy -n "__understudy_is '' 1" -a replay -d 'Fold a log, print the number of records and the digest'
complete -c understudy -n "__understudy_is '' 1" -a verify -d 'Take every decision of a log again and compare'
complete -c understudy -n "__understudy_is '' 1" -a log -d 'Care of a log: what is in it, backups, snapshots'
complete -c understudy -n "__understudy_is '' 1" -a topics -d 'The topics of a log on Kafka: make them, judge them'
complete -c understudy -n "__understudy_is '' 1" -a get -d 'List endpoints, pools, instances, operations'
complete -c understudy -n "__understudy_is '' 1" -a describe -d 'Show one endpoint in detail'
complete -c understudy -n "__understudy_is '' 1" -a explain -d 'Say why a fallback, an instance or any record came about'
complete -c understudy -n "__understudy_is '' 1" -a events -d 'List the events of a log, oldest first'
complete -c understudy -n "__understudy_is '' 1" -a stats -d 'Report on a period: capacity, fallbacks, refusals, cost'
complete -c understudy -n "__understudy_is '' 1" -a schema -d 'Say which fields an endpoint or a scenario may have'
complete -c understudy -n "__understudy_is '' 1" -a version -d 'Say which release it is'
complete -c understudy -n "__understudy_is ''" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is ''" -l version -d 'Display program version information and exit'
complete -c understudy -n "__understudy_is 'apply'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'apply'" -s f -l file -r -F -d 'YAML or JSON with one endpoint or more; - is standard input'
complete -c understudy -n "__understudy_is 'apply'" -l dry-run -d 'Change nothing; show what would be decided'
complete -c understudy -n "__understudy_is 'apply'" -l command-id -x -d 'Id of the command, for one document'
complete -c understudy -n "__understudy_is 'apply'" -l wait -d 'Wait until in service; fails when one fails'
complete -c understudy -n "__understudy_is 'apply'" -l wait-timeout -x -d 'How long to wait (default: 10m)'
complete -c understudy -n "__understudy_is 'apply'" -l timeout -x -d 'How long to repeat while the daemon cannot answer (default: 30s)'
complete -c understudy -n "__understudy_is 'apply'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'apply'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'apply'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'scale'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'scale'" -l variant -x -d 'Which variant, where there are several'
complete -c understudy -n "__understudy_is 'scale'" -l dry-run -d 'Change nothing; show what would be decided'
complete -c understudy -n "__understudy_is 'scale'" -l command-id -x -d 'Id of the command'
complete -c understudy -n "__understudy_is 'scale'" -l wait -d 'Wait until as many are ready'
complete -c understudy -n "__understudy_is 'scale'" -l wait-timeout -x -d 'How long to wait (default: 10m)'
complete -c understudy -n "__understudy_is 'scale'" -l timeout -x -d 'How long to repeat while the daemon cannot answer (default: 30s)'
complete -c understudy -n "__understudy_is 'scale'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'scale'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'scale'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'delete'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'delete'" -l dry-run -d 'Change nothing; show what would be decided'
complete -c understudy -n "__understudy_is 'delete'" -l command-id -x -d 'Id of the command'
complete -c understudy -n "__understudy_is 'delete'" -l wait -d 'Wait until it is gone'
complete -c understudy -n "__understudy_is 'delete'" -l wait-timeout -x -d 'How long to wait (default: 10m)'
complete -c understudy -n "__understudy_is 'delete'" -l timeout -x -d 'How long to repeat while the daemon cannot answer (default: 30s)'
complete -c understudy -n "__understudy_is 'delete'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'delete'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'delete'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'delete' '1'" -a 'endpoint'
complete -c understudy -n "__understudy_is 'wait'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'wait'" -l endpoint -x -d 'Of a command: that it was for'
complete -c understudy -n "__understudy_is 'wait'" -l for -x -d 'Any of these states (default: in-service,failed)'
complete -c understudy -n "__understudy_is 'wait'" -l timeout -x -d 'How long to wait (default: 10m)'
complete -c understudy -n "__understudy_is 'wait'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'wait'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'wait'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'wait'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'wait'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'wait'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'wait'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'diff'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'diff'" -s f -l file -r -F -d 'YAML or JSON with one endpoint or more; - is standard input'
complete -c understudy -n "__understudy_is 'diff'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'diff'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'diff'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity' 1" -a list -d 'Show every offering and its state'
complete -c understudy -n "__understudy_is 'capacity' 1" -a close -d 'Refuse every launch there for want of capacity'
complete -c understudy -n "__understudy_is 'capacity' 1" -a open -d 'Give again what there is'
complete -c understudy -n "__understudy_is 'capacity' 1" -a quota -d 'Refuse the next calls: the quota is used up'
complete -c understudy -n "__understudy_is 'capacity' 1" -a throttle -d 'Refuse the next calls: too many requests'
complete -c understudy -n "__understudy_is 'capacity' 1" -a infeasible -d 'Refuse the next calls: not offered there'
complete -c understudy -n "__understudy_is 'capacity' 1" -a unknown -d 'Launch, but lose the answers to the next calls'
complete -c understudy -n "__understudy_is 'capacity'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity list'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity list'" -s o -l output -x -a 'table json yaml name' -d 'Output: table|json|yaml|name'
complete -c understudy -n "__understudy_is 'capacity list'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity list'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity close'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity close'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity close'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity close'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity open'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity open'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity open'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity open'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity quota'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity quota'" -l calls -x -d 'How many calls (default: 1)'
complete -c understudy -n "__understudy_is 'capacity quota'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity quota'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity quota'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity throttle'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity throttle'" -l calls -x -d 'How many calls (default: 1)'
complete -c understudy -n "__understudy_is 'capacity throttle'" -l retry-after -x -d 'What the provider says to wait (default: 1s)'
complete -c understudy -n "__understudy_is 'capacity throttle'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity throttle'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity throttle'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity infeasible'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity infeasible'" -l calls -x -d 'How many calls (default: 1)'
complete -c understudy -n "__understudy_is 'capacity infeasible'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity infeasible'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity infeasible'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'capacity unknown'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'capacity unknown'" -l calls -x -d 'How many calls (default: 1)'
complete -c understudy -n "__understudy_is 'capacity unknown'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'capacity unknown'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'capacity unknown'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'logs'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'logs'" -s n -l lines -x -d 'How many of the last lines (default: 100)'
complete -c understudy -n "__understudy_is 'logs'" -s f -l follow -d 'Go on as it writes, until it is gone'
complete -c understudy -n "__understudy_is 'logs'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'logs'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'simulate'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'simulate'" -l log -x -a '(__fish_complete_directories)' -d 'Directory of the log to write, or to go on with'
complete -c understudy -n "__understudy_is 'simulate'" -l seed -x -d 'In place of the scenario\'s seed'
complete -c understudy -n "__understudy_is 'simulate'" -l fsync -d 'Make every commit survive a power cut (slower)'
complete -c understudy -n "__understudy_is 'simulate'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'simulate' '1'" -F
complete -c understudy -n "__understudy_is 'replay'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'replay'" -l until -x -d 'End after it'
complete -c understudy -n "__understudy_is 'replay'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'replay'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'replay'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'replay'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'replay'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'verify'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'verify'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'verify'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'verify'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'verify'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'verify'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'log' 1" -a info -d 'Say what is in a log and how its file is used'
complete -c understudy -n "__understudy_is 'log' 1" -a backup -d 'Copy a log, also while it is written'
complete -c understudy -n "__understudy_is 'log' 1" -a restore -d 'Put a backup where no log is'
complete -c understudy -n "__understudy_is 'log' 1" -a compact-snapshots -d 'Write snapshots, remove older ones'
complete -c understudy -n "__understudy_is 'log'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log info'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log info'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'log info'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'log info'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'log info'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'log info'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log info' '1'" -a '(__fish_complete_directories)'
complete -c understudy -n "__understudy_is 'log backup'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log backup'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log backup'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log restore'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log restore'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log restore'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -l log -x -a '(__fish_complete_directories)' -d 'The log: DIR or embedded:DIR'
complete -c understudy -n "__understudy_is 'log compact-snapshots'" -s o -l output -x -a 'table json' -d 'Output: table|json'
complete -c understudy -n "__understudy_is 'log compact-snapshots' '1'" -a '(__fish_complete_directories)'
complete -c understudy -n "__understudy_is 'topics' 1" -a create -d 'Make the topics that are missing'
complete -c understudy -n "__understudy_is 'topics' 1" -a check -d 'Say what would lose data'
complete -c understudy -n "__understudy_is 'topics'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'topics create'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'topics create'" -l log -x -d 'The cluster: kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'topics create'" -l partitions -x -d 'Of commands, journal, events and snapshots (create: 8)'
complete -c understudy -n "__understudy_is 'topics create'" -l production -d 'Refuse fewer than 3 replicas, or 2 in sync'
complete -c understudy -n "__understudy_is 'topics create'" -l replication -x -d 'Copies of each topic (default: 3, or one for each broker)'
complete -c understudy -n "__understudy_is 'topics create'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'topics create'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'topics create'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'topics create'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'topics check'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'topics check'" -l log -x -d 'The cluster: kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'topics check'" -l partitions -x -d 'Of commands, journal, events and snapshots (create: 8)'
complete -c understudy -n "__understudy_is 'topics check'" -l production -d 'Refuse fewer than 3 replicas, or 2 in sync'
complete -c understudy -n "__understudy_is 'topics check'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'topics check'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'topics check'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'topics check'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'get'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'get'" -l at -x -d 'As it was at a position or time'
complete -c understudy -n "__understudy_is 'get'" -s a -l all -d 'What ended too'
complete -c understudy -n "__understudy_is 'get'" -s w -l watch -d 'Go on with what changes: on a terminal the table is drawn again, elsewhere changed rows or JSON lines'
complete -c understudy -n "__understudy_is 'get'" -s o -l output -x -a 'table wide json yaml name' -d 'Output: table|wide|json|yaml|name'
complete -c understudy -n "__understudy_is 'get'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'get'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'get'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'get'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'get'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'get'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'get' '1'" -a 'endpoints pools instances operations'
complete -c understudy -n "__understudy_is 'describe'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'describe'" -l at -x -d 'As it was at a position or time'
complete -c understudy -n "__understudy_is 'describe'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'describe'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'describe'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'describe'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'describe'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'describe'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'describe'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'describe' '1'" -a 'endpoint'
complete -c understudy -n "__understudy_is 'explain'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'explain'" -l chain -d 'The records alone'
complete -c understudy -n "__understudy_is 'explain'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'explain'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'explain'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'explain'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'explain'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'explain'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'explain'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
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
complete -c understudy -n "__understudy_is 'events'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'events'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'events'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'events'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'events'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'events'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'stats'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'stats'" -l endpoint -x -d 'Only of this endpoint'
complete -c understudy -n "__understudy_is 'stats'" -l since -x -d 'Begin of the period'
complete -c understudy -n "__understudy_is 'stats'" -l until -x -d 'End of the period'
complete -c understudy -n "__understudy_is 'stats'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'stats'" -l log -x -a '(__fish_complete_directories)' -d 'The log to read: DIR, embedded:DIR or kafka:HOST:PORT,...'
complete -c understudy -n "__understudy_is 'stats'" -l kafka-config -r -F -d 'Kafka: file with settings of librdkafka, KEY=VALUE a line'
complete -c understudy -n "__understudy_is 'stats'" -l kafka -x -d 'Kafka: one setting of librdkafka; KEY.file=PATH and KEY.env=NAME for secrets'
complete -c understudy -n "__understudy_is 'stats'" -l kafka-prefix -x -d 'Kafka: what the names of the topics begin with (default: understudy)'
complete -c understudy -n "__understudy_is 'stats'" -l server -x -d 'The daemon (default: http://127.0.0.1:7780)'
complete -c understudy -n "__understudy_is 'stats'" -l token-file -r -F -d 'File with the daemon\'s bearer token'
complete -c understudy -n "__understudy_is 'schema'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'schema'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
complete -c understudy -n "__understudy_is 'version'" -s h -l help -d 'Print this help message and exit'
complete -c understudy -n "__understudy_is 'version'" -s o -l output -x -a 'table json yaml' -d 'Output: table|json|yaml'
