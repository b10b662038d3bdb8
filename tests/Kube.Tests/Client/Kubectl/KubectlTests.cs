using System.Text;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client.Kubectl;

/// <summary>
/// kubectl is the judge: a kubeconfig means to us what it means to it. What it does is on record in
/// Kubeconfigs/table.md, so that ours is held to it where there is no kubectl;
/// <c>UPDATE_GOLDEN=1</c> writes the record anew.
/// </summary>
public sealed class KubectlTests(ITestOutputHelper output)
{
    private static readonly string record = Path.Combine(KubeconfigCase.Folder, "table.md");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Server", "helm")]
    public async Task Kubectl_ours_and_the_official_client_do_what_is_on_record()
    {
        await using var scene = await Scene.StartAsync(Cancellation);
        var rows = new List<Row>();
        foreach (var test in KubeconfigCase.All())
        {
            var kubectl =
                await scene.SeeAsync(test, (list, home) => Askers.KubectlAsync(list, test.Context, home, Cancellation));
            var ours = await scene.SeeAsync(test, (list, _) => Askers.OursAsync(list, test.Context, Cancellation));
            var official = test.Files.Count > 1 ? null
                : await scene.SeeAsync(test, (list, _) => Askers.OfficialAsync(list, test.Context, Cancellation));
            output.WriteLine($"{test.Name}\n  kubectl: {kubectl}\n  ours: {ours}\n  official: {official}");
            rows.Add(new(test, kubectl.Sent, ours.Sent, official?.Sent));
        }

        var table = Table(rows);
        output.WriteLine(table);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(record, table, Cancellation);
        }

        rows.Where(row => row.Kubectl != row.Ours && row.Test.Differs is null)
            .Select(row => $"{row.Test.Name}: kubectl {row.Kubectl}; ours {row.Ours}").ShouldBeEmpty();
        (await File.ReadAllTextAsync(record, Cancellation)).ShouldBe(table);
    }

    [Fact]
    public async Task Ours_does_what_kubectl_is_on_record_for()
    {
        var recorded = (await File.ReadAllLinesAsync(record, Cancellation))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split(" | "))
            .ToDictionary(cells => cells[0][2..], cells => cells[3]);
        await using var scene = await Scene.StartAsync(Cancellation);
        foreach (var test in KubeconfigCase.All())
        {
            var ours = await scene.SeeAsync(test, (list, _) => Askers.OursAsync(list, test.Context, Cancellation));

            Cell(ours.Sent).ShouldBe(recorded.GetValueOrDefault(test.Name), test.Name);
        }
    }

    private static string Table(IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder(
            "# What a kubeconfig makes each send\n\nkubectl 1.35.2, ours, and the official .NET client 21.0.8 by "
                + "itself; `=` is what kubectl does. Where ours differs, the case says why.\n\n");
        text.Append("| case | about | kubectl | ours | the official client |\n|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var official = row.Official is null ? "-" : row.Official == row.Kubectl ? "=" : row.Official;
            text.Append(
                $"| {row.Test.Name} | {row.Test.About}{(row.Test.Differs is { } why ? $" ({why})" : "")} | "
                    + $"{Cell(row.Kubectl)} | {Cell(row.Ours)} | {Cell(official)} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private sealed record Row(KubeconfigCase Test, string Kubectl, string Ours, string? Official);
}
