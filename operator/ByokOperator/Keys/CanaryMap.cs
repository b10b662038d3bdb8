using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ByokOperator.Api;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>
/// The <c>&lt;key&gt;-canary</c> ConfigMap: per region the ciphertext that proves a key to be the same key, the clocks that
/// say since when the answer is no or missing, what imported material it is, and the buckets that outlived their store. Nothing in it is secret. It is a
/// child of the key and not part of its status: it must survive a restart, and deciding on status is forbidden.
/// </summary>
internal static class CanaryMap
{
    public const string ChildKind = "canary";
    private const string CanarySuffix = ".canary";
    private const string RetainedPrefix = "retained.";

    /// <summary>An entry's name takes no slash, and no account and no container has an underscore.</summary>
    private const char SlashInEntry = '_';

    /// <summary>Entry of the material that was imported first; never its hash.</summary>
    public const string FingerprintEntry = "material.fingerprint";

    public static string NameFor(string keyName) => keyName + "-canary";

    public static string CanaryEntry(string region) => region + CanarySuffix;

    /// <summary>Entry of the write-ahead note: since that time a key may stand whose id nobody recorded.</summary>
    public static string CreatingEntry(string region) => region + ".creating-since";

    public static string ClockEntry(string region, Clock clock) => $"{region}.{(clock == Clock.Unknown ? "unknown" : "revoked")}-since";

    /// <summary>Entry of a bucket or an account that outlived its store object; the value is where it is and the owner on its tag.</summary>
    public static string RetainedEntry(string store) => RetainedPrefix + store.Replace('/', SlashInEntry);

    /// <summary>Null where none stands. Throws <see cref="FormatException"/> where somebody edited it into nonsense.</summary>
    public static Canary? Canary(ConfigMap? map, string region)
    {
        if (map?.Data?.GetValueOrDefault(CanaryEntry(region)) is not { } json)
        {
            return null;
        }

        try
        {
            var entry = JsonSerializer.Deserialize(json, CanaryJson.Default.Entry)
                ?? throw new FormatException($"data[{CanaryEntry(region)}] is null");
            return new Canary(entry.KeyId, entry.MaterialId, Convert.FromBase64String(entry.Ciphertext), entry.Context)
            {
                Heir = entry.Heir is { } heir ? new CanaryHeir(heir.MaterialId, Convert.FromBase64String(heir.Ciphertext)) : null,
            };
        }
        catch (JsonException broken)
        {
            throw new FormatException($"data[{CanaryEntry(region)}] is not a canary that this operator wrote: restore the ConfigMap from a backup", broken);
        }
    }

    /// <summary>The key that each region's canary was made with, by region; what can't be read is left out.</summary>
    public static IReadOnlyDictionary<string, string> KeyIds(ConfigMap? map)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in (map?.Data ?? new Dictionary<string, string>()).Keys.Where(entry => entry.EndsWith(CanarySuffix, StringComparison.Ordinal)))
        {
            var region = entry[..^CanarySuffix.Length];
            try
            {
                found[region] = Canary(map, region)!.KeyId;
            }
            catch (FormatException)
            {
                continue;
            }
        }

        return found;
    }

    public static StoredCanary Stored(Canary canary) =>
        new(canary.KeyId, canary.MaterialId, Convert.ToHexStringLower(SHA256.HashData(canary.Ciphertext.Span)));

    public static DateTimeOffset? Since(ConfigMap? map, string region, Clock clock) => Time(map, ClockEntry(region, clock));

    public static DateTimeOffset? CreatingSince(ConfigMap? map, string region) => Time(map, CreatingEntry(region));

    public static string? Fingerprint(ConfigMap? map) => map?.Data?.GetValueOrDefault(FingerprintEntry);

    /// <summary>Place and owner of each store that let its data stand.</summary>
    public static IReadOnlyList<RetainedStore> Retained(ConfigMap? map) =>
        [.. (map?.Data ?? new Dictionary<string, string>())
            .Where(entry => entry.Key.StartsWith(RetainedPrefix, StringComparison.Ordinal))
            .Select(entry => Retained(entry.Key[RetainedPrefix.Length..], entry.Value.Split(' ')))];

    /// <summary>Region and owner; then, where the control plane needs one, the scope.</summary>
    public static string Write(RetainedStore retained) =>
        string.Join(' ', ((string?[])[retained.Store.Region, retained.Owner, retained.Store.Scope]).OfType<string>());

    private static RetainedStore Retained(string name, string[] parts) => new(
        new StoreRef(parts[0], parts.Length > 2 ? name.Replace(SlashInEntry, '/') : name)
        {
            Cloud = parts.Length > 2 ? CloudKind.Azure : CloudKind.Aws,
            Scope = parts.ElementAtOrDefault(2),
        },
        parts.ElementAtOrDefault(1) ?? "");

    public static string Write(Canary canary) => JsonSerializer.Serialize(
        new Entry(canary.KeyId, canary.MaterialId, Convert.ToBase64String(canary.Ciphertext.Span), canary.Context.ToDictionary())
        {
            Heir = canary.Heir is { } heir ? new HeirEntry(heir.MaterialId, Convert.ToBase64String(heir.Ciphertext.Span)) : null,
        },
        CanaryJson.Default.Entry);

    public static string Write(DateTimeOffset since) => since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(ConfigMap? map, string entry) =>
        map?.Data?.GetValueOrDefault(entry) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since
        : throw new FormatException($"data[{entry}] is no time: delete that entry");

    internal sealed record Entry(string KeyId, string? MaterialId, string Ciphertext, Dictionary<string, string> Context)
    {
        public HeirEntry? Heir { get; init; }
    }

    internal sealed record HeirEntry(string MaterialId, string Ciphertext);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CanaryMap.Entry))]
internal sealed partial class CanaryJson : JsonSerializerContext;
