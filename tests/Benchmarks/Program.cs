using System.CommandLine;
using Benchmarks;

var small = new Option<bool>("--small")
{
    Description = "a tenth or less of everything: shows that it works, measures little",
    Recursive = true,
};
var benchmarks = new Dictionary<string, Func<bool, CancellationToken, Task>>
{
    ["probe"] = ProbeBenchmark.RunAsync,
    ["copy"] = CopyBenchmark.RunAsync,
    ["copy-azure"] = BlobCopyBenchmark.RunAsync,
    ["idle"] = RestBenchmark.RunAsync,
    ["converge"] = ConvergeBenchmark.RunAsync,
    ["close"] = CloseBenchmark.RunAsync,
    ["fair"] = FairBenchmark.RunAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["reencrypt"] = ReencryptBenchmark.RunAsync,
    ["calls"] = CallsBenchmark.RunAsync,
    ["redirect"] = RedirectBenchmark.RunAsync,
};
var besideClosing = new Option<bool>("--beside-closing")
{
    Description = "how long closing takes while one tenant calls the import API 1,000 times a second",
};
var root = new RootCommand("Figures as ratios to something measured in the same run, as Markdown") { small };
foreach (var (name, run) in benchmarks)
{
    var command = new Command(name);
    command.SetAction((parsed, cancellation) =>
        (parsed.GetValue(besideClosing) ? BesideClosingBenchmark.RunAsync : run)(parsed.GetValue(small), cancellation));
    root.Add(command);
    if (name == "import")
    {
        command.Options.Add(besideClosing);
    }
}

var all = new Command("all", "One after the other.");
all.SetAction(async (parsed, cancellation) =>
{
    foreach (var run in benchmarks.Values)
    {
        await run(parsed.GetValue(small), cancellation);
    }
});
root.Add(all);
return await root.Parse(args).InvokeAsync();
