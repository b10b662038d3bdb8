using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Overview;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>
/// <c>byok-operator status</c>, or <c>kubectl byok status</c>: tenants, their keys and stores as a tree, with why what
/// is not well is not and the command that helps. It reads and changes nothing; what may not be read is said.
/// </summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Where = new("NAMESPACE[/NAME]")
    {
        Description = "one namespace, or the key or store of that name in it with what belongs to it; left out: all",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> All =
        new("--all-namespaces", "-A") { Description = "all, as without a namespace" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();

    public static Command Create()
    {
        Command command =
            new("status", "Show tenants, keys and stores as a tree, why what is not well is not, and what helps.");
        command.Arguments.Add(Where);
        command.Options.Add(All);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static async Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        var asked = parsed.GetValue(Where);
        if (asked is not null && parsed.GetValue(All))
        {
            throw new BadInputException($"'{Printable.Of(asked)}' or --all-namespaces: give one of them");
        }

        if (asked?.Contains('/', StringComparison.Ordinal) == false && !ObjectNames.IsNamespace(asked))
        {
            throw new BadInputException($"'{Printable.Of(asked)}' is not the name of a namespace");
        }

        var name = asked?.Contains('/', StringComparison.Ordinal) == true ? Looking.KeyOf(asked) : (ObjectKey?)null;
        return await Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            var ns = name?.Namespace ?? asked;
            var selection = new Selection(ns);
            var (keys, stores) = (await AllAsync<TenantEncryptionKey>(client, selection, person, cancellation),
                await AllAsync<EncryptedStore>(client, selection, person, cancellation));
            if (name is { } one)
            {
                (keys, stores) = StatusTree.Belonging(one.Name, keys, stores);
                if (keys.Count + stores.Count == 0)
                {
                    await Looking.TellNothingAsync(client, one, person, cancellation);
                    return ExitCodes.Failed;
                }
            }

            var roots = new StatusTree(await TenantsAsync(client, ns, person, cancellation), keys, stores,
                TimeProvider.System.GetUtcNow()).Build();
            await Looking.ShowAsync(page, roots.Count == 0 ? [new Node("no tenant, no key and no store")] : roots);
            return ExitCodes.Done;
        });
    }

    private static async Task<IReadOnlyList<Tenant>?> TenantsAsync(
        KubeClient client, string? ns, TextWriter person, CancellationToken cancellation)
    {
        try
        {
            var all = await AllAsync<Tenant>(client, Selection.Everything, person, cancellation);
            return ns is null ? all : [.. all.Where(tenant => tenant.Spec.Namespaces.Any(one => one.Name == ns))];
        }
        catch (KubeException refused) when (refused.Status.Code == 403)
        {
            await person.WriteLineAsync(
                "byok-operator: you may not list tenants.byok.dev, so they are left out: the platform can tell whose "
                    + "a namespace is");
            return null;
        }
    }

    private static async Task<IReadOnlyList<T>> AllAsync<T>(
        KubeClient client, Selection selection, TextWriter person, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var all = new List<T>();
        await foreach (var page in client.Api<T>().ListAsync(selection, cancellation))
        {
            all.AddRange(page.Items);
            foreach (var bad in page.Unreadable)
            {
                await person.WriteLineAsync(
                    $"byok-operator: {T.Kind.Kind} {bad.Key} can't be read: {Printable.Of(bad.Reason)}");
            }
        }

        return all;
    }
}
