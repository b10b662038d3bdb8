using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>
/// <c>byok-operator revoke|return|confirm NAMESPACE/KEY</c>: shows what will come of it, asks for the typed word, and
/// patches the declared field. <c>--dry-run</c> prints the lines for Git and changes nothing.
/// </summary>
internal static class KeyChangeCommand
{
    private static readonly Argument<string> Key = new("NAMESPACE/KEY") { Description = "the TenantEncryptionKey" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();
    private static readonly Option<string?> Word =
        new("--confirm") { Description = "the word, for scripts; left out, a terminal is asked" };
    private static readonly Option<bool> DryRun =
        new("--dry-run") { Description = "print the lines of the key's manifest, and change nothing" };

    public static IEnumerable<Command> All() =>
    [
        Create("revoke", "Revoke a key: every store under it is closed. The word is revoke."),
        Create("return",
            "Take a revocation back: stores open again once the same key has proved itself. The word is return."),
        Create("confirm",
            "Confirm a rotation of a key whose rotations are confirmed by hand. The word is the version that "
                + "VersionConfirmed names."),
    ];

    private static Command Create(string verb, string description)
    {
        Command command = new(verb, description);
        command.Arguments.Add(Key);
        foreach (var option in (Option[])[Kubeconfig, Context, Word, DryRun])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
            ActAsync(verb, parsed, Console.Out, Console.Error, Console.IsInputRedirected ? null
                : Console.In, cancellation));
        return command;
    }

    /// <param name="terminal">Null where nobody can be asked.</param>
    internal static Task<int> ActAsync(
        string verb, ParseResult parsed, TextWriter page, TextWriter person, TextReader? terminal,
        CancellationToken cancellation)
    {
        var name = Looking.KeyOf(parsed.GetValue(Key)!);
        var given = parsed.GetValue(Word);
        if (given is "" || (given is not null && verb == "confirm" && !ObjectNames.IsName(given)))
        {
            throw new BadInputException(
                $"--confirm is '{Printable.Of(given)}': "
                    + $"{(verb == "confirm" ? "give a version of the key" : $"give the word of {verb}")}");
        }

        if (given is null && terminal is null && !(parsed.GetValue(DryRun) && verb != "confirm"))
        {
            throw new BadInputException(
                $"{verb} asks for a typed word, and there is no terminal: give it by --confirm, or print the lines "
                    + "for Git by --dry-run");
        }

        return Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            if (await Looking.FindAsync<TenantEncryptionKey>(client, name, person, cancellation) is not { } key)
            {
                return ExitCodes.Failed;
            }

            if (KeyChange.FaultOf(verb, key) is { } fault)
            {
                await person.WriteLineAsync($"byok-operator: {name} is left as it is: {fault}");
                return ExitCodes.Failed;
            }

            var stores = await Looking.StoresUnderAsync(client, name, cancellation);
            await Looking.ShowAsync(page, parsed.GetValue(DryRun) ? []
                : [WhyTree.Of(key).With(stores.Select(WhyTree.Of))]);
            var typed = given
                ?? (parsed.GetValue(DryRun) && verb != "confirm" ? ""
                    : await AskedAsync(verb, person, terminal!, cancellation));
            var change = verb switch { "revoke" => KeyChange.Revoke(stores.Count), "return" =>
                KeyChange.Return(stores.Count), _ => KeyChange.Confirm(typed) };
            if (parsed.GetValue(DryRun))
            {
                await page.WriteAsync(change.ToYaml(name));
                return ExitCodes.Done;
            }

            return typed == change.Word && typed.Length > 0
                ? await ChangeAsync(client, verb, key, change, page, person, cancellation)
                : await RefuseAsync(person, $"'{Printable.Of(typed)}' is not the word: nothing was changed");
        });
    }

    private static async Task<string> AskedAsync(
        string verb, TextWriter person, TextReader terminal, CancellationToken cancellation)
    {
        await person.WriteAsync(verb == "confirm" ? "type the version that is confirmed: " : $"type {verb} to go on: ");
        var typed = (await terminal.ReadLineAsync(cancellation))?.Trim() ?? "";
        return verb != "confirm" || ObjectNames.IsName(typed) ? typed : "";
    }

    /// <summary>A key is closed whatever else was changed meanwhile; what opens is bound to what was shown.</summary>
    private static async Task<int> ChangeAsync(
        KubeClient client, string verb, TenantEncryptionKey key, KeyChange change, TextWriter page, TextWriter person,
        CancellationToken cancellation)
    {
        await client.Api<TenantEncryptionKey>()
            .PatchMergeAsync(key.Metadata.Key, change.Patch(key.Metadata, isBound: verb != "revoke"), cancellation);
        await page.WriteLineAsync($"{key.Metadata.Key}: {change.Says}; see byok-operator why {key.Metadata.Key}");
        if (IsFromGit(key.Metadata))
        {
            await person.WriteLineAsync(
                "byok-operator: this object is kept by Argo CD, Flux or Helm, which may put the field back: commit "
                    + "what --dry-run prints");
        }

        return ExitCodes.Done;
    }

    private static bool IsFromGit(ObjectMeta metadata) =>
        (metadata.Annotations?.ContainsKey("argocd.argoproj.io/tracking-id") ?? false)
        || (metadata.Labels?.Keys.Any(label =>
            label is "argocd.argoproj.io/instance" or "kustomize.toolkit.fluxcd.io/name"
                or "helm.toolkit.fluxcd.io/name") ?? false)
        || metadata.Labels?.GetValueOrDefault(Labels.ManagedBy) == "Helm";

    private static async Task<int> RefuseAsync(TextWriter person, string sentence)
    {
        await person.WriteLineAsync($"byok-operator: {sentence}");
        return ExitCodes.Failed;
    }
}
