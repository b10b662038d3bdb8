using Byok.Import.Requests;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;

namespace Simulation.Real.Kubernetes;

/// <summary>What tenants hand over, and what the import API and the platform's leader write down for them.
/// Nothing fails for them.</summary>
internal sealed class Uploads(World world, KubeClient client)
{
    private const string WrappedKey = "wrappedKey";
    private const string KeyHash = "keyHash";

    private readonly KubeApi<Secret> secrets = client.Api<Secret>();
    private readonly Dictionary<string, string> open = [];
    private int requests;

    /// <summary>Which of the platform's wrapping keys is handed out.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>The tenant puts its wrapped secret where it belongs, by way of a request where its key wants one;
    /// zero takes it away.</summary>
    public void HandOver(Home home, int material)
    {
        home.HandedOver = material;
        if (material == 0)
        {
            Do(secrets.DeleteAsync(home.Upload, null, CancellationToken.None));
        }
        else if (home.AsksForRequests)
        {
            Redeem(home, material);
        }
        else
        {
            Publish(Generation);
            Put(home, Handed.Wrapped(material, Generation), Handed.HashOf(material));
        }
    }

    /// <summary>Whatever bytes: null leaves the entry out.</summary>
    public void Put(Home home, byte[]? wrapped, byte[]? hash, string? request = null)
    {
        var data = new Dictionary<string, byte[]>();
        if (wrapped is not null)
        {
            data[WrappedKey] = wrapped;
        }

        if (hash is not null)
        {
            data[KeyHash] = hash;
        }

        Do(secrets.ApplyAsync(
            new Secret
            {
                Metadata = new ObjectMeta
                {
                    Name = home.Upload.Name,
                    Namespace = home.Upload.Namespace,
                    Annotations = request is null ? null
                        : new Dictionary<string, string> { [ImportRequest.Annotation] = request },
                },
                Data = data,
            },
            "person", CancellationToken.None));
    }

    /// <summary>A tenant asks for a key pair to wrap with; earlier ones stand on.</summary>
    public string Ask(Home home, TimeSpan lifetime)
    {
        Publish(Generation);
        var request = Handed.Request(home.Key, ++requests, Generation, world.Now + lifetime);
        Do(secrets.CreateAsync(RequestSecret.Build(World.OperatorNamespace, request), CancellationToken.None));
        return open[home.Namespace] = request.Id;
    }

    /// <summary>Of that home, the one that was made last; null where none stands any more.</summary>
    public string? RequestOf(Home home) =>
        open.TryGetValue(home.Namespace, out var id)
            && world.People.Find<Secret>(World.OperatorNamespace, Address(id).Name) is not null ? id : null;

    /// <summary>Its time has come.</summary>
    public void End(Home home)
    {
        if (RequestOf(home) is { } id)
        {
            Do(secrets.DeleteAsync(Address(id), null, CancellationToken.None));
        }
    }

    /// <summary>The leader makes the next generation, and hands it out.</summary>
    public void Rotate() => Publish(Generation = Math.Min(Generation + 1, Handed.Generations));

    /// <summary>Its overlap has ended, or somebody deleted it.</summary>
    public void EndGeneration(int generation)
    {
        if (world.People.Find<Secret>(World.OperatorNamespace,
            Handed.WrappingKey(generation).Metadata.Name) is not null)
        {
            Do(secrets.DeleteAsync(Handed.WrappingKey(generation).Metadata.Key, null, CancellationToken.None));
        }
    }

    /// <summary>As the import API does with an upload that opens.</summary>
    private void Redeem(Home home, int material)
    {
        var id = RequestOf(home) ?? Ask(home, TimeSpan.FromHours(1));
        var wrapped = Handed.WrappedForRequest(material, home.Namespace);
        var standing = Do(secrets.TryGetAsync(Address(id), CancellationToken.None))!;
        if (RequestSecret.Read(standing) is { UsedAt: null } request)
        {
            Do(
                secrets.PatchJsonAsync(Address(id), RequestSecret.Use(request, world.Now, Handed.HashOf(material)),
                    CancellationToken.None));
        }

        Put(home, wrapped, Handed.HashOf(material), id);
    }

    private void Publish(int generation)
    {
        if (world.People.Find<Secret>(World.OperatorNamespace, Handed.WrappingKey(generation).Metadata.Name) is null)
        {
            Do(secrets.CreateAsync(Handed.WrappingKey(generation), CancellationToken.None));
        }
    }

    private static ObjectKey Address(string id) => RequestSecret.Address(World.OperatorNamespace, id);

    private static T Do<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Do(Task task) => task.GetAwaiter().GetResult();
}
