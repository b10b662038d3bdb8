using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator why NAMESPACE/NAME</c>: the key and the store of that name with every condition, and the
/// command that helps; a name alone is a Tenant's.</summary>
internal static class WhyCommand
{
    private static readonly Argument<string> Name =
        new("NAME") { Description = "NAMESPACE/NAME of a key or a store, or the name of a Tenant" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();

    public static Command Create()
    {
        Command command =
            new("why", "Show every condition of a key, a store or a Tenant, what it waits for, and what helps.");
        command.Arguments.Add(Name);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        var asked = parsed.GetValue(Name)!;
        var isTenant = !asked.Contains('/', StringComparison.Ordinal) && ObjectNames.IsName(asked);
        var key = isTenant ? new ObjectKey("", asked) : Looking.KeyOf(asked);
        return Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            var nodes = isTenant ? await TenantAsync(client, key, person, cancellation)
                : await NamedAsync(client, key, person, cancellation);
            await Looking.ShowAsync(page, nodes);
            return nodes.Count > 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static async Task<IReadOnlyList<Node>> TenantAsync(
        KubeClient client, ObjectKey name, TextWriter person, CancellationToken cancellation) =>
        await Looking.FindAsync<Tenant>(client, name, person, cancellation) is { } tenant ? [WhyTree.Of(tenant)] : [];

    private static async Task<IReadOnlyList<Node>> NamedAsync(
        KubeClient client, ObjectKey name, TextWriter person, CancellationToken cancellation)
    {
        var store = await client.Api<EncryptedStore>().TryGetAsync(name, cancellation);
        var key = await client.Api<TenantEncryptionKey>().TryGetAsync(name, cancellation);
        if (store is null && key is null)
        {
            await Looking.TellNothingAsync(client, name, person, cancellation);
        }

        return [.. key is null ? Array.Empty<Node>() : [WhyTree.Of(key)], .. store is null ? Array.Empty<Node>()
            : [WhyTree.Of(store)]];
    }
}
