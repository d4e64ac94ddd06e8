#pragma once

/// The subcommands. Each one adds itself to the program with its options and
/// its help; when it is chosen it runs and leaves its exit code in the
/// context, which must outlive the program.

#include "services/cli/context.hpp"

namespace CLI {
class App;
}

namespace understudy {

void add_apply(CLI::App& app, Context& context);
void add_scale(CLI::App& app, Context& context);
void add_delete(CLI::App& app, Context& context);
void add_wait(CLI::App& app, Context& context);
void add_diff(CLI::App& app, Context& context);
void add_capacity(CLI::App& app, Context& context);
void add_simulate(CLI::App& app, Context& context);
void add_get(CLI::App& app, Context& context);
void add_describe(CLI::App& app, Context& context);
void add_events(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_logs(CLI::App& app, Context& context);
void add_stats(CLI::App& app, Context& context);
void add_replay(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);
void add_log(CLI::App& app, Context& context);
void add_topics(CLI::App& app, Context& context);
void add_schema(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);

}  // namespace understudy
