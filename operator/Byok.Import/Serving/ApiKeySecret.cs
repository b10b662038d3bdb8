using System.Text;
using Byok.Import.Requests;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Serving;

/// <summary>How an API key's record is written down: a Secret in the import API's namespace, which <c>byok-operator
/// apikey create</c> prints. Deleting it ends the key.</summary>
public static class ApiKeySecret
{
    public const string ChildKind = "apikey";
    public const string SecretType = "byok.dev/apikey";

    private const string Enterprise = "enterprise";
    private const string Namespace = "namespace";
    private const string NamespaceUid = "namespaceUid";
    private const string Key = "key";
    private const string Salt = "salt";
    private const string Hash = "hash";
    private const string ExpiresAt = "expiresAt";

    public static ObjectKey Address(string ns, string id) => new(ns, $"byok-apikey-{id}");

    public static Secret Build(string ns, ApiKeyRecord record)
    {
        var data = new Dictionary<string, byte[]>
        {
            [Enterprise] = Encoding.UTF8.GetBytes(record.Enterprise),
            [Namespace] = Encoding.UTF8.GetBytes(record.Key.Namespace),
            [NamespaceUid] = Encoding.ASCII.GetBytes(record.NamespaceUid),
            [Key] = Encoding.UTF8.GetBytes(record.Key.Name),
            [Salt] = record.Salt,
            [Hash] = record.Hash,
        };
        if (record.ExpiresAt is { } end)
        {
            data[ExpiresAt] = Encoding.ASCII.GetBytes(RequestSecret.Write(end));
        }

        return new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = Address(ns, record.Id).Name,
                Namespace = ns,
                Labels = new Dictionary<string, string>
                {
                    [ImportObjects.ChildLabel] = ChildKind, [RequestSecret.NamespaceLabel] = record.Key.Namespace,
                    [RequestSecret.KeyLabel] = record.Key.Name,
                },
            },
            Type = SecretType,
            Data = data,
        };
    }

    /// <summary>Null for what is not whole: such a key opens nothing.</summary>
    public static ApiKeyRecord? Read(Secret secret)
    {
        string? Text(string entry) =>
            secret.Data?.GetValueOrDefault(entry) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes) : null;
        var end = RequestSecret.ReadTime(Text(ExpiresAt));
        if (secret.Type != SecretType || (Text(ExpiresAt) is not null && end is null)
            || Text(Enterprise) is not { } enterprise || Text(Namespace) is not { } ns
            || Text(NamespaceUid) is not { } uid || Text(Key) is not { } key
            || secret.Data?.GetValueOrDefault(Salt) is not { Length: ApiKey.SaltBytes } salt
            || secret.Data.GetValueOrDefault(Hash) is not { Length: 32 } hash)
        {
            return null;
        }

        return new ApiKeyRecord
        {
            Id = secret.Metadata.Name[(secret.Metadata.Name.LastIndexOf('-') + 1)..],
            Enterprise = enterprise,
            Key = new ObjectKey(ns, key),
            NamespaceUid = uid,
            ExpiresAt = end,
            Salt = salt,
            Hash = hash,
        };
    }
}
