using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>
/// How a request is written down: a Secret in the import API's namespace, so that any replica can go on with it. The
/// private half is sealed, the token is a hash.
/// </summary>
public static class RequestSecret
{
    public const string ChildKind = "import-request";
    public const string NamespaceLabel = "byok.dev/for-namespace";
    public const string KeyLabel = "byok.dev/for-key";

    private const string EncryptedPair = "encryptedPair";
    private const string TokenHash = "tokenHash";
    private const string PublicKey = "publicKey";
    private const string ExpiresAt = "expiresAt";
    private const string Failures = "failures";
    private const string UsedAt = "usedAt";
    private const string UsedFor = "usedFor";

    public static ObjectKey Address(string ns, string id) => new(ns, $"byok-import-{id}");

    public static Selection All(string ns) => new(ns, Labelled);

    public static Selection For(string ns, ObjectKey key) =>
        new(ns, $"{Labelled},{NamespaceLabel}={key.Namespace},{KeyLabel}={key.Name}");

    /// <summary>The TenantEncryptionKey that a request is for.</summary>
    public static IEnumerable<ObjectKey> KeysOf(PartialObject<Secret> request) =>
        request.Metadata.Labels is { } labels && labels.TryGetValue(NamespaceLabel, out var ns)
            && labels.TryGetValue(KeyLabel, out var name) ? [new ObjectKey(ns, name)] : [];

    private static string Labelled => ImportObjects.SelectorOf(ChildKind);

    public static Secret Build(string ns, ImportRequest request)
    {
        var labels = ImportObjects.LabelsFor(ChildKind);
        labels[NamespaceLabel] = request.For.Namespace;
        labels[KeyLabel] = request.For.Name;
        return new Secret
        {
            Metadata = new ObjectMeta { Name = Address(ns, request.Id).Name, Namespace = ns, Labels = labels },
            Type = "byok.dev/import-request",
            Data = new Dictionary<string, byte[]>
            {
                [EncryptedPair] = request.EncryptedPair,
                [TokenHash] = request.TokenHash,
                [PublicKey] = Encoding.ASCII.GetBytes(request.PublicKeyPem),
                [ExpiresAt] = Encoding.ASCII.GetBytes(Write(request.ExpiresAt)),
                [Failures] = Encoding.ASCII.GetBytes("0"),
            },
        };
    }

    /// <summary>Null for a record that somebody has spoilt: its token is then an unknown one.</summary>
    public static ImportRequest? Read(Secret secret)
    {
        if (secret.Data is not { } data || secret.Metadata.Labels is not { } labels
            || !labels.TryGetValue(NamespaceLabel, out var ns) || !labels.TryGetValue(KeyLabel, out var name)
            || !data.TryGetValue(EncryptedPair, out var pair) || !data.TryGetValue(TokenHash, out var hash)
            || !data.TryGetValue(PublicKey, out var pem)
            || Time(data, ExpiresAt) is not { } expiresAt
            || !int.TryParse(Text(data, Failures), NumberStyles.None, CultureInfo.InvariantCulture, out var failures))
        {
            return null;
        }

        return new ImportRequest
        {
            Metadata = secret.Metadata,
            Id = secret.Metadata.Name[(secret.Metadata.Name.LastIndexOf('-') + 1)..],
            For = new ObjectKey(ns, name),
            PublicKeyPem = Encoding.ASCII.GetString(pem),
            TokenHash = hash,
            EncryptedPair = pair,
            ExpiresAt = expiresAt,
            Failures = failures,
            UsedAt = Time(data, UsedAt),
            UsedFor = data.GetValueOrDefault(UsedFor),
        };
    }

    /// <summary>Bound to the version that was judged: of two uploads at once, one is told to look again.</summary>
    public static JsonPatch Use(ImportRequest request, DateTimeOffset now, byte[] ciphertextHash) =>
        Bound(request.Metadata)
            .Add($"/data/{UsedAt}", Encoded(Write(now)))
            .Add($"/data/{UsedFor}", Convert.ToBase64String(ciphertextHash));

    public static JsonPatch Fail(ImportRequest request) => Bound(request.Metadata)
        .Add($"/data/{Failures}", Encoded((request.Failures + 1).ToString(CultureInfo.InvariantCulture)));

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ReadTime(string? text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
            : null;

    /// <summary>A change of what was read, and of nothing later.</summary>
    public static JsonPatch Bound(ObjectMeta read) => JsonPatch.Empty
        .Test("/metadata/uid", read.Uid)
        .Test("/metadata/resourceVersion", read.ResourceVersion);

    private static JsonNode Encoded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, byte[]> data, string entry) =>
        ReadTime(Text(data, entry));

    private static string? Text(IReadOnlyDictionary<string, byte[]> data, string entry) =>
        data.TryGetValue(entry, out var bytes) ? Encoding.ASCII.GetString(bytes) : null;
}
