using System.Security.Cryptography;
using Byok.Import.Wrapping;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>Makes requests: counted, with a pair from the pool, the private half sealed before it leaves this process.
/// The import API's alone; controllers make none.</summary>
public sealed class RequestIssuer(
    KubeClient kube, RequestOptions options, PlatformKeys platform, KeyPairPool pool, TimeProvider time)
{
    private readonly RequestCounter counter = new(kube, options.Namespace);
    private readonly LimitReader limits = new(kube, options.Namespace, time);

    public async Task<Issuance> IssueAsync(ObjectKey key, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var ofKey = Counted.Of(key, options.MostPerDay);
        if (await counter.FreeAtAsync(ofKey, now, cancellation) is { } later)
        {
            return new Issuance.TooMany(later);
        }

        return await limits.FindAsync(key.Namespace, cancellation) switch
        {
            LimitLook.Known known => await IssueAsync(key, ofKey, known.Limit, cancellation),
            LimitLook.NoTenant => new Issuance.NoTenant(),
            _ => new Issuance.LimitUnknown(),
        };
    }

    private async Task<Issuance> IssueAsync(
        ObjectKey key, Counted ofKey, TenantLimit limit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var ofTenant = Counted.Of(limit);
        if (await counter.FreeAtAsync(ofTenant, now, cancellation) is { } later)
        {
            return new Issuance.TenantFull(limit.PerDay, later);
        }

        using var under = await platform.FindNewestAsync(cancellation);
        if (under is null)
        {
            return new Issuance.NotReady();
        }

        using var pair = await pool.TakeAsync(cancellation);
        if (pair is null)
        {
            return new Issuance.NotReady();
        }

        // What is counted here and not made after all stays counted: never more are made than may be.
        return await counter.CountAsync(ofTenant, now, cancellation) is { } all
            ? new Issuance.TenantFull(limit.PerDay, all)
            : await counter.CountAsync(ofKey, now, cancellation) is { } full ? new Issuance.TooMany(full)
            : await WriteAsync(key, pair, under, cancellation);
    }

    private async Task<Issuance> WriteAsync(ObjectKey key, RSA pair, PlatformKey under, CancellationToken cancellation)
    {
        var token = ImportToken.Make();
        var request = new ImportRequest
        {
            Metadata = new ObjectMeta(),
            Id = token.Id,
            For = key,
            PublicKeyPem = pair.ExportSubjectPublicKeyInfoPem() + "\n",
            TokenHash = token.Hash,
            EncryptedPair = PairEncryption.Encrypt(under, pair, ImportRequest.Binding(key, token.Id)),
            ExpiresAt = time.GetUtcNow() + options.Lifetime,
        };
        var written = await kube.Api<Secret>()
            .CreateAsync(RequestSecret.Build(options.Namespace, request), cancellation, ImportObjects.FieldManager);
        return new Issuance.Issued(request with { Metadata = written.Metadata }, token);
    }
}
