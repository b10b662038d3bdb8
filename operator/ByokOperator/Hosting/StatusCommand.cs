using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Hosting;

/// <summary>
/// <c>byok-operator status</c>, or <c>kubectl byok status</c>: tenants, their keys and stores as a tree, with why what is not well is not and the command that
/// helps. It reads and changes nothing; what may not be read is said.
/// </summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Namespace = new("NAMESPACE") { Description = "one namespace; left out: all", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();

    public static Command Create()
    {
        Command command = new("status", "Show tenants, keys and stores as a tree, why what is not well is not, and what helps.");
        command.Arguments.Add(Namespace);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    internal static async Task<int> ActAsync(ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        var ns = parsed.GetValue(Namespace);
        if (ns is not null && !ObjectNames.IsNamespace(ns))
        {
            await person.WriteLineAsync($"byok-operator: '{Printable.Of(ns)}' is not the name of a namespace");
            return ExitCodes.Usage;
        }

        return await Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            var selection = new Selection(ns);
            var (keys, stores) = (await AllAsync<TenantEncryptionKey>(client, selection, person, cancellation), await AllAsync<EncryptedStore>(client, selection, person, cancellation));
            var roots = new StatusTree(await TenantsAsync(client, ns, person, cancellation), keys, stores, TimeProvider.System.GetUtcNow()).Build();
            await page.WriteAsync(roots.Count == 0 ? "no tenant, no key and no store\n" : Node.Render(roots, Looking.WantsColours(page)));
            return ExitCodes.Done;
        });
    }

    private static async Task<IReadOnlyList<Tenant>?> TenantsAsync(KubeClient client, string? ns, TextWriter person, CancellationToken cancellation)
    {
        try
        {
            var all = await AllAsync<Tenant>(client, Selection.Everything, person, cancellation);
            return ns is null ? all : [.. all.Where(tenant => tenant.Spec.Namespaces.Any(one => one.Name == ns))];
        }
        catch (KubeException refused) when (refused.Status.Code == 403)
        {
            await person.WriteLineAsync("byok-operator: you may not list tenants.byok.dev, so they are left out: the platform can tell whose a namespace is");
            return null;
        }
    }

    private static async Task<IReadOnlyList<T>> AllAsync<T>(KubeClient client, Selection selection, TextWriter person, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var all = new List<T>();
        await foreach (var page in client.Api<T>().ListAsync(selection, cancellation))
        {
            all.AddRange(page.Items);
            foreach (var bad in page.Unreadable)
            {
                await person.WriteLineAsync($"byok-operator: {T.Kind.Kind} {bad.Key} can't be read: {Printable.Of(bad.Reason)}");
            }
        }

        return all;
    }
}
