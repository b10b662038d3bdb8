using System.CommandLine;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reports.Pages;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>
/// <c>byok-operator report NAMESPACE/NAME</c>, <c>--tenant NAME</c> or <c>--all</c>: asks the operator for reports now,
/// waits for them, and prints them: as they stand, as a table, or as a page for a person.
/// </summary>
internal static class ReportCommand
{
    private const string Json = "json";
    private const string Html = "html";
    private const string Table = "table";

    private static readonly Argument<string?> Store =
        new("NAMESPACE/NAME") { Description = "the EncryptedStore", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> OfTenant = new(
        "--tenant") { Description = "instead: all stores of this Tenant, and its shared places that no store covers" };
    private static readonly Option<bool> All = new("--all") { Description = "instead: all stores of the cluster" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "json, html (one file, loads nothing) or table",
        DefaultValueFactory = _ => Json,
    };
    private static readonly Option<string?> Save =
        new("--save") { Description = "besides, keep each with its signature in this folder, for report verify" };
    private static readonly Option<string> Wait = new("--wait")
    {
        Description = "how long to wait for a fresh report; 0s prints the last one",
        DefaultValueFactory = _ => "60s",
    };

    public static Command Create()
    {
        Command command = new("report", "Print encryption reports: of a store, a tenant, or all.");
        command.Arguments.Add(Store);
        foreach (var option in (Option[])[OfTenant, All, Kubeconfig, Context, Output, Save, Wait])
        {
            command.Options.Add(option);
        }

        command.Subcommands.Add(ReportVerifyCommand.Create());
        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static async Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        if (Fault(parsed) is { } wrong)
        {
            await person.WriteLineAsync($"byok-operator: {wrong}");
            return ExitCodes.Usage;
        }

        return await Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            var scope = parsed.GetValue(All) ? await ReportScope.OfAllAsync(client, cancellation)
                : parsed.GetValue(OfTenant) is { } tenant
                    ? await ReportScope.OfTenantAsync(client, tenant, cancellation)
                : ReportScope.Of(StoreOf(parsed)!.Value);
            return await PrintAsync(parsed, scope, client, page, person, cancellation);
        });
    }

    private static string? Fault(ParseResult parsed)
    {
        var asked = (parsed.GetValue(Store) is null ? 0 : 1) + (parsed.GetValue(OfTenant) is null ? 0 : 1)
            + (parsed.GetValue(All) ? 1 : 0);
        return asked != 1 ? "give one of a store as NAMESPACE/NAME, --tenant NAME and --all"
            : parsed.GetValue(Store) is { } store
                && StoreOf(parsed) is null ? $"'{Printable.Of(store)}' is no store: give it as NAMESPACE/NAME"
            : parsed.GetValue(OfTenant) is { } tenant
                && !ObjectNames.IsName(tenant) ? "--tenant: give the name of a Tenant"
            : parsed.GetValue(Output) is not (Json or Html
                or Table) ? $"--output is '{Printable.Of(parsed.GetValue(Output)!)}': give json, html or table"
            : parsed.GetValue(Save) is "" ? "--save is empty: give a folder"
            : !GoDuration.TryParse(parsed.GetValue(Wait), out _) ? "--wait: give a duration such as 60s"
            : null;
    }

    private static ObjectKey? StoreOf(ParseResult parsed) =>
        parsed.GetValue(Store)?.Split('/') is [{ } ns, { } name] && ObjectNames.IsNamespace(ns)
            && ObjectNames.IsName(name) ? new ObjectKey(ns, name) : null;

    /// <summary>Fails where a store has no report: a page that lacks one must not look whole to a script.</summary>
    private static async Task<int> PrintAsync(
        ParseResult parsed, ReportScope scope, KubeClient client, TextWriter page, TextWriter person,
        CancellationToken cancellation)
    {
        _ = GoDuration.TryParse(parsed.GetValue(Wait), out var wait);
        var requests = new ReportRequests(client, wait, TimeProvider.System);
        var texts = new List<string>();
        var (reports, missing) = (new List<JsonObject>(), new List<(string Store, string Why)>());
        var asked = new List<(ObjectKey Store, string? Refused)>();
        var unkept = 0;
        foreach (var store in scope.Stores)
        {
            asked.Add((store, await requests.AskAsync(store, cancellation)));
        }

        foreach (var (store, refused) in asked)
        {
            var (signed, why) = refused is null ? await requests.ReadAsync(store, cancellation) : (null, refused);
            if (signed is not null && ReportRequests.Parse(signed.Text) is { } report)
            {
                texts.Add(signed.Text);
                reports.Add(report);
                if (parsed.GetValue(Save) is { } folder
                    && await ReportFiles.KeepAsync(folder, store, signed, cancellation) is { } lost)
                {
                    unkept++;
                    await person.WriteLineAsync($"byok-operator: {Printable.Of(lost)}");
                }
            }
            else
            {
                missing.Add(
                    ($"{store}", signed is null ? why
                        : "what stands in its ConfigMap is no report: annotate the store with byok.dev/report-at"));
                await person.WriteLineAsync($"byok-operator: {Printable.Of(missing[^1].Why)}");
            }
        }

        var set =
            new ReportSet(scope.Name, reports, scope.Uncovered, missing) { AskedAt = TimeProvider.System.GetUtcNow() };
        var isOne = parsed.GetValue(Store) is not null;
        if (!isOne || reports.Count > 0)
        {
            await page.WriteLineAsync((parsed.GetValue(Output) switch
            {
                Html => ReportPage.Of(set),
                Table => ReportTable.Of(set),
                _ => isOne ? texts[0] : set.ToJson(),
            }).TrimEnd('\n'));
        }

        return missing.Count + unkept == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
