using System.CommandLine;
using ByokOperator.Cluster;
using ByokOperator.Reports.Signing;
using ByokOperator.Reports.Verifying;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator report verify FOLDER</c>: whether reports that were kept are whole, signed,
/// and follow each other.</summary>
internal static class ReportVerifyCommand
{
    private static readonly Argument<string> Folder =
        new("FOLDER") { Description = "with NAME.json and NAME.jws of each report, as report --save keeps them" };
    private static readonly Option<string?> Key = new("--key")
    {
        Description =
            $"file with public keys in PEM; left out: the cluster's ConfigMap {ReportKeys.PublicName} is asked",
    };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();
    private static readonly Option<string> Namespace = new("--operator-namespace")
    {
        Description = "where the operator runs",
        DefaultValueFactory = _ => "byok-system",
    };

    public static Command Create()
    {
        Command command = new("verify",
            "Find what is edited or missing among reports that were kept. Exit code: 0 nothing, 3 edited, 4 of "
                + "another key, 5 a gap, 6 a file is missing, 7 another schema.");
        command.Arguments.Add(Folder);
        foreach (var option in (Option[])[Key, Kubeconfig, Context, Namespace])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static async Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        if (!ObjectNames.IsNamespace(parsed.GetValue(Namespace)!))
        {
            throw new BadInputException(
                $"--operator-namespace is '{Printable.Of(parsed.GetValue(Namespace)!)}', which is not the name of a "
                    + "namespace");
        }

        var files = await ReportFiles.ReadAsync(parsed.GetValue(Folder)!, cancellation);
        return parsed.GetValue(Key) is { } path
            ? await TellAsync(files, await KeysOfAsync(path, cancellation), page, person)
            : await Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
                await TellAsync(files,
                    KeysOf(await client.Api<ConfigMap>()
                        .TryGetAsync(new ObjectKey(parsed.GetValue(Namespace)!, ReportKeys.PublicName), cancellation)),
                            page, person));
    }

    private static async Task<IReadOnlyList<ReportKey>> KeysOfAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return ReportKey.Read(await File.ReadAllTextAsync(path, cancellation)) is [_, ..] keys
                ? keys
                : throw new BadInputException($"--key: {Printable.Of(path)} holds no public key of P-256 in PEM");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--key: {Printable.Of(unreadable.Message)}");
        }
    }

    private static IReadOnlyList<ReportKey> KeysOf(ConfigMap? published) => ReportKeys.In(published) is [_, ..] keys
        ? keys
        : throw new BadInputException(
            $"the cluster has no ConfigMap {ReportKeys.PublicName} in --operator-namespace: name the operator's "
                + "namespace, or give the public key by --key");

    private static async Task<int> TellAsync(
        IReadOnlyDictionary<string, byte[]> files, IReadOnlyList<ReportKey> keys, TextWriter page, TextWriter person)
    {
        var found = ReportFolder.Verify(files, keys);
        foreach (var line in found.Stores)
        {
            await page.WriteLineAsync(Printable.Of(line));
        }

        foreach (var finding in found.Findings)
        {
            await person.WriteLineAsync($"byok-operator: {finding.Kind}: {Printable.Of(finding.Sentence)}");
        }

        await page.WriteLineAsync(found.Gravest is null ? "nothing is edited or missing, as far as these reports reach"
            : $"{found.Findings.Count} things are wrong");
        return found.Gravest is { } gravest ? (int)gravest : ExitCodes.Done;
    }
}
