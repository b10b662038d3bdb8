using System.CommandLine;
using ByokOperator.Copying;
using ByokOperator.Hosting;

using var logs = Launch.Logs();
using var aws = Launch.Aws(new AwsAccess(), logs);
var version = new Command("version", "Print the version.");
version.SetAction(_ => Console.Out.WriteLine(OperatorVersion.Current));
var root = new RootCommand("Keeps each tenant's data under the tenant's own key.")
{
    RunCommand.Create(),
    CopyCommand.Create(_ => aws.Objects, TimeProvider.System, logs),
    ReportCommand.Create(),
    PolicyCommand.Create(),
    version,
};
return await root.Parse(args).InvokeAsync();
