using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Overview;
using Cloud.Keys;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator check NAMESPACE/KEY</c>: has the operator prove the key now, waits for its word,
/// and shows it.</summary>
internal static class CheckCommand
{
    /// <summary>Beside those of every command: what a script asks about a key.</summary>
    private const int Revoked = 3;

    private const int Unknown = 4;

    private static readonly TimeSpan poll = TimeSpan.FromMilliseconds(500);

    private static readonly Argument<string> Key = new("NAMESPACE/KEY") { Description = "the TenantEncryptionKey" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();
    private static readonly Option<string> Wait =
        new("--wait") { Description = "how long to wait for the operator", DefaultValueFactory = _ => "60s" };

    public static Command Create()
    {
        Command command =
            new("check", "Prove a key now. Exit code: 0 usable, 3 revoked, 4 nobody could be asked, 1 no answer.");
        command.Arguments.Add(Key);
        foreach (var option in (Option[])[Kubeconfig, Context, Wait])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        var key = Looking.KeyOf(parsed.GetValue(Key)!);
        if (!GoDuration.TryParse(parsed.GetValue(Wait), out var wait))
        {
            throw new BadInputException("--wait: give a duration such as 60s");
        }

        return Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            if (await Looking.FindAsync<TenantEncryptionKey>(client, key, person, cancellation) is null)
            {
                return ExitCodes.Failed;
            }

            if (await AskAsync(client, key, wait, cancellation) is not { } answered)
            {
                await person.WriteLineAsync(
                    $"byok-operator: the operator gave no word of {key} within --wait: see that it runs, or "
                        + $"byok-operator why {key}");
                return ExitCodes.Failed;
            }

            await Looking.ShowAsync(page, [WhyTree.Of(answered)]);
            return answered.Status?.Verdict switch { nameof(KeyVerdict.Usable) =>
                ExitCodes.Done, nameof(KeyVerdict.Revoked) => Revoked, _ => Unknown };
        });
    }

    private static async Task<TenantEncryptionKey?> AskAsync(
        KubeClient client, ObjectKey key, TimeSpan wait, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var request = time.GetUtcNow().UtcDateTime
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReconcileAt] = request } },
        };
        await client.Api<TenantEncryptionKey>().PatchMergeAsync(key, patch, cancellation);
        for (var until = time.GetUtcNow() + wait; ; await Task.Delay(poll, time, cancellation))
        {
            var seen = await client.Api<TenantEncryptionKey>().GetAsync(key, cancellation);
            if (seen.Status?.LastHandledReconcileAt == request)
            {
                return seen;
            }

            if (time.GetUtcNow() >= until)
            {
                return null;
            }
        }
    }
}
