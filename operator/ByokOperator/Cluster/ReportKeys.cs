using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports.Signing;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

/// <summary>
/// The key that reports are signed with: the Secret <c>byok-report-key</c> of the operator's own namespace, made where
/// none stands. Its public half stands in the ConfigMap <c>byok-report-keys</c> before anything is signed with it,
/// beside those of the keys before. A Secret that was lost or taken away is told and made anew:
/// each store's reports go on in a new chain that says so.
/// </summary>
internal sealed partial class ReportKeys(KubeClient kube, string ns, TimeProvider time, ILogger<ReportKeys> logger)
{
    public const string SecretName = "byok-report-key";
    public const string PublicName = "byok-report-keys";
    public const string KeyEntry = "key.pem";
    public const string ChildKind = "report-key";

    /// <summary>How soon another Secret counts. A burst of reports, as after a tenant's revocation,
    /// asks for it once.</summary>
    private static readonly TimeSpan kept = TimeSpan.FromMinutes(1);

    private volatile Signer? last;

    /// <summary>The key of now, and the public halves of all keys that this installation ever signed with.</summary>
    /// <exception cref="RefusedActException">The Secret holds no key: a person has to decide.</exception>
    public async Task<Signer> CurrentAsync(CancellationToken cancellation)
    {
        if (last is { } known && time.GetElapsedTime(known.ReadAt) < kept)
        {
            return known;
        }

        var secrets = kube.Api<Secret>();
        var standing = await secrets.TryGetAsync(new ObjectKey(ns, SecretName), cancellation);
        var isNew = standing is null;
        standing ??= await MakeAsync(cancellation);
        if (Read(standing?.Data?.GetValueOrDefault(KeyEntry)) is not { } read)
        {
            throw new RefusedActException(
                "ReportKeyUnusable",
                $"the Secret {ns}/{SecretName} holds no private key of P-256 in its entry {KeyEntry}: restore it from "
                    + "the backup, or delete it to have one made, which begins a new chain of reports")
            {
                NeedsPerson = true,
            };
        }

        var all = await PublishAsync(read.Public, cancellation);
        Tell(isNew, read.Public, all);
        return last = new Signer(read.Public, read.Pkcs8, all, time.GetTimestamp());
    }

    /// <summary>Every public key in a ConfigMap of that kind, whatever else it holds.</summary>
    public static IReadOnlyList<ReportKey> In(ConfigMap? map) =>
        [.. (map?.Data ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => ReportKey.Read(entry.Value)).DistinctBy(key => key.Id)];

    private void Tell(bool isNew, ReportKey key, IReadOnlyList<ReportKey> all)
    {
        if (last is { } before ? before.Key.Id != key.Id : isNew && all.Count > 1)
        {
            LogReplaced(ns, SecretName, key.Id);
        }
        else if (isNew)
        {
            LogMade(ns, SecretName, key.Id);
        }
    }

    private async Task<Secret?> MakeAsync(CancellationToken cancellation)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = new Secret
        {
            Metadata = new ObjectMeta { Name = SecretName, Namespace = ns, Labels = Children.LabelsFor(ChildKind) },
            Type = "Opaque",
            Immutable = true,
            Data =
                new Dictionary<string, byte[]> { [KeyEntry] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()) },
        };
        try
        {
            return await kube.Api<Secret>().CreateAsync(made, cancellation, Children.FieldManager);
        }
        catch (KubeException exists) when (exists.Status.IsAlreadyExists)
        {
            return await kube.Api<Secret>().TryGetAsync(made.Metadata.Key, cancellation);
        }
    }

    /// <summary>Adds it to those that stand; none is ever taken away,
    /// for reports of it may be kept for years.</summary>
    private async Task<IReadOnlyList<ReportKey>> PublishAsync(ReportKey key, CancellationToken cancellation)
    {
        var maps = kube.Api<ConfigMap>();
        var address = new ObjectKey(ns, PublicName);
        var (entry, standing) = ($"{key.Id}.pem", await maps.TryGetAsync(address, cancellation));
        if (standing is null)
        {
            standing = await maps.CreateAsync(
                new ConfigMap
                {
                    Metadata =
                        new ObjectMeta { Name = address.Name, Namespace = ns, Labels = Children.LabelsFor(ChildKind) },
                    Data = new Dictionary<string, string> { [entry] = key.Pem },
                },
                cancellation, Children.FieldManager);
        }
        else if (standing.Data?.GetValueOrDefault(entry) != key.Pem)
        {
            standing = await maps.PatchMergeAsync(address,
                new JsonObject { ["data"] = new JsonObject { [entry] = key.Pem } }, cancellation);
        }

        return In(standing);
    }

    private static (ReportKey Public, byte[] Pkcs8)? Read(byte[]? pem)
    {
        if (pem is null)
        {
            return null;
        }

        var text = Encoding.ASCII.GetChars(pem);
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return ReportKey.IsOfEs256(key) ? (ReportKey.Of(key), key.ExportPkcs8PrivateKey()) : null;
        }
        catch (Exception other) when (other is ArgumentException or CryptographicException)
        {
            return null;
        }
        finally
        {
            text.AsSpan().Clear();
        }
    }

    /// <summary>Signs as long as it is kept; the private half leaves it nowhere.</summary>
    /// <param name="Key">The public half.</param>
    /// <param name="All">Of all keys that ever signed here, this one too.</param>
    /// <param name="ReadAt">Timestamp.</param>
    internal sealed class Signer(ReportKey key, byte[] pkcs8, IReadOnlyList<ReportKey> all, long readAt)
    {
        public ReportKey Key { get; } = key;

        public long ReadAt { get; } = readAt;

        public string Sign(ReadOnlySpan<byte> report)
        {
            using var signing = ECDsa.Create();
            signing.ImportPkcs8PrivateKey(pkcs8, out _);
            return ReportSignature.Sign(signing, Key.Id, report);
        }

        /// <summary>One of the keys of this installation signed these very bytes.</summary>
        public bool Knows(string? signature, ReadOnlySpan<byte> report)
        {
            var keyId = ReportSignature.KeyIdOf(signature);
            return keyId is not null && all.FirstOrDefault(known => known.Id == keyId) is { } known
                && ReportSignature.Fits(known, signature!, report);
        }
    }
}
