using System.CommandLine;
using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Keygen;
using ByokOperator.Reencrypting;

namespace ByokOperator.Commands;

/// <summary>All that the program can be asked for.</summary>
internal static class CommandTree
{
    public static RootCommand Root(OnDemand means)
    {
        Command version = new("version", "Print the version and the commit that it was built from.");
        version.SetAction(_ => Console.Out.WriteLine(OperatorVersion.Full));
        var root = new RootCommand("Keeps each tenant's data under the tenant's own key.")
        {
            RunCommand.Create(),
            ImportApiCommand.Create(),
            CopyCommand.Create(_ => means.Objects, TimeProvider.System, means),
            ReencryptCommand.Create(_ => means.Reencryption, TimeProvider.System, means),
            StatusCommand.Create(),
            WhyCommand.Create(),
            CheckCommand.Create(),
            PlanCommand.Create(),
            ReportCommand.Create(),
            PolicyCommand.Create(),
            KeyCommand.Create(TimeProvider.System),
            ApiKeyCommand.Create(),
            CompletionCommand.Create(),
            version,
        };
        foreach (var change in KeyChangeCommand.All())
        {
            root.Subcommands.Add(change);
        }

        return root;
    }
}
