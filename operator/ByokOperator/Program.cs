using System.CommandLine;
using ByokOperator.Copying;
using ByokOperator.Hosting;
using ByokOperator.Keygen;

using var logs = Launch.Logs();
using var clouds = Launch.Clouds(new AwsAccess(), new AzureAccess(), logs);
var version = new Command("version", "Print the version.");
version.SetAction(_ => Console.Out.WriteLine(OperatorVersion.Current));
var root = new RootCommand("Keeps each tenant's data under the tenant's own key.")
{
    RunCommand.Create(),
    ImportApiCommand.Create(),
    CopyCommand.Create(_ => clouds.Ports.Objects, TimeProvider.System, logs),
    StatusCommand.Create(),
    ReportCommand.Create(),
    PolicyCommand.Create(),
    KeyCommand.Create(TimeProvider.System),
    ApiKeyCommand.Create(),
    version,
};
return await root.Parse(args, CommandLine.Parsing).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Termination.Limit });
