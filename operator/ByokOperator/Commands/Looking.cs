using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>What the commands share that look at one object for a person.</summary>
internal static class Looking
{
    public static Option<string?> Kubeconfig() => new("--kubeconfig") { Description = "kubeconfig file" };

    public static Option<string?> Context() => new("--context") { Description = "of the kubeconfig" };

    /// <exception cref="BadInputException">It is not of the form NAMESPACE/NAME.</exception>
    public static ObjectKey KeyOf(string text) =>
        text.Split('/') is [{ } ns, { } name] && ObjectNames.IsNamespace(ns) && ObjectNames.IsName(name)
            ? new ObjectKey(ns, name)
            : throw new BadInputException($"'{Printable.Of(text)}' is no name: give it as NAMESPACE/NAME");

    /// <summary>Null where there is none; then the person was told, with names that are near.</summary>
    public static async Task<T?> FindAsync<T>(
        KubeClient client, ObjectKey key, TextWriter person, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        if (await client.Api<T>().TryGetAsync(key, cancellation) is { } found)
        {
            return found;
        }

        await person.WriteLineAsync(
            $"byok-operator: there is no {T.Kind.Kind} "
                + $"{key}{Nearest.Among(await NamesAsync<T>(client, cancellation), $"{key}")}");
        return null;
    }

    /// <summary>As <c>NAMESPACE/NAME</c>; empty where they may not be listed.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync<T>(KubeClient client, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        try
        {
            var names = new List<string>();
            await foreach (var page in client.Api<PartialObject<T>>().ListAsync(Selection.Everything, cancellation))
            {
                names.AddRange(
                    page.Items.Select(item =>
                        item.Metadata.Namespace is { Length: > 0 } ns ? $"{ns}/{item.Metadata.Name}"
                            : item.Metadata.Name));
            }

            return names;
        }
        catch (KubeException refused) when (refused.Status.Code == 403)
        {
            return [];
        }
    }

    public static async Task<IReadOnlyList<EncryptedStore>> StoresUnderAsync(
        KubeClient client, ObjectKey key, CancellationToken cancellation)
    {
        var stores = new List<EncryptedStore>();
        await foreach (var page in client.Api<EncryptedStore>().ListAsync(new Selection(key.Namespace), cancellation))
        {
            stores.AddRange(page.Items.Where(store => store.Spec.KeyRef?.Name == key.Name));
        }

        return stores;
    }

    /// <summary>Tells the person that nothing has the name, with those that are near.</summary>
    public static async Task TellNothingAsync(
        KubeClient client, ObjectKey name, TextWriter person, CancellationToken cancellation)
    {
        var known = (await NamesAsync<EncryptedStore>(client, cancellation))
            .Concat(await NamesAsync<TenantEncryptionKey>(client, cancellation));
        await person.WriteLineAsync(
            $"byok-operator: there is no key and no store {name}{Nearest.Among(known, $"{name}")}");
    }

    /// <summary>As a terminal of its width shows it, in colours unless NO_COLOR says otherwise (no-color.org); plain
    /// and unbroken anywhere else.</summary>
    public static Task ShowAsync(TextWriter page, IEnumerable<Node> nodes)
    {
        var isTerminal = ReferenceEquals(page, Console.Out) && !Console.IsOutputRedirected;
        var colours = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return page.WriteAsync(
            Node.Render(nodes, colours, isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : int.MaxValue));
    }
}
