using System.Security.Cryptography;
using ByokOperator.Api;
using ByokOperator.Importing.Wrapping;
using ByokOperator.Material;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Importing.Requests;

/// <summary>Requests, kept in the cluster alone: any replica issues, redeems and opens them, and a restart forgets none.</summary>
internal sealed class ImportRequests(KubeClient kube, RequestOptions options, PlatformKeys platform, KeyPairs pairs, TimeProvider time) : IImportRequests
{
    private readonly KubeApi<Secret> secrets = kube.Api<Secret>();

    public RequestOptions Options => options;

    public async Task<Issuance> IssueAsync(ObjectKey key, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var open = (await FindAsync(key, cancellation)).Where(request => request.IsOpenAt(now)).ToList();
        if (open.Count >= options.MostOpen)
        {
            return new Issuance.TooManyOpen(open.Min(request => request.ExpiresAt));
        }

        var keys = await platform.ReadAsync(cancellation);
        try
        {
            if (keys is not [var newest, ..])
            {
                return new Issuance.NotReady();
            }

            using var pair = await pairs.TakeAsync(options.Patience, cancellation);
            return pair is null ? new Issuance.NotReady() : await IssueAsync(key, pair, newest, cancellation);
        }
        finally
        {
            PlatformKey.Dispose(keys);
        }
    }

    public async Task<IReadOnlyList<ImportRequest>> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        List<ImportRequest> found = [];
        await foreach (var page in secrets.ListAsync(RequestSecret.For(options.Namespace, key), cancellation))
        {
            found.AddRange(page.Items.Select(RequestSecret.Read).OfType<ImportRequest>());
        }

        found.Sort((one, other) => other.ExpiresAt.CompareTo(one.ExpiresAt));
        return found;
    }

    public async Task<IReadOnlyList<WrappingKey>> OpenersAsync(ObjectKey key, string? requestId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var standing = (await FindAsync(key, cancellation))
            .Where(request => requestId is null ? request.UsedAt is not null || request.IsOpenAt(now) : request.Id == requestId)
            .Take(MaterialOpener.MostKeys).ToList();
        if (standing is [])
        {
            return [];
        }

        var keys = await platform.ReadAsync(cancellation);
        try
        {
            return [.. standing.Select(request => Unseal(request, keys)).OfType<WrappingKey>()];
        }
        finally
        {
            PlatformKey.Dispose(keys);
        }
    }

    public async Task ForgetAsync(ObjectKey key, string requestId, CancellationToken cancellation)
    {
        if (await ReadAsync(requestId, cancellation) is { } request && request.For == key)
        {
            await kube.Api<PartialObject<Secret>>().DeleteAsync(request.Metadata.Key, new DeleteOptions { Uid = request.Metadata.Uid }, cancellation);
        }
    }

    /// <summary>Judges an upload against its token; uses the token up if it opens.</summary>
    public async Task<Redemption> RedeemAsync(ObjectKey key, string token, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping, CancellationToken cancellation)
    {
        const int MostTries = 3; // each loss means that another upload got ahead, which MostFailures bounds
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryRedeemAsync(key, token, uploaded, allowLegacyWrapping, cancellation);
            }
            catch (KubeException changed) when ((changed.Status.IsInvalid || changed.Status.IsConflict) && attempt < MostTries)
            {
                // Another upload changed the record first: the second look tells what that means for this one.
            }
        }
    }

    private async Task<Redemption> TryRedeemAsync(ObjectKey key, string text, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping, CancellationToken cancellation)
    {
        if (ImportToken.Parse(text) is not { } token || await ReadAsync(token.Id, cancellation) is not { } request
            || !CryptographicOperations.FixedTimeEquals(token.Hash, request.TokenHash) || request.For != key)
        {
            return new Redemption.Unknown();
        }

        var now = time.GetUtcNow();
        if (request is { UsedAt: null } && !request.IsOpenAt(now))
        {
            return request.Failures >= ImportRequest.MostFailures ? new Redemption.Exhausted() : new Redemption.Expired();
        }

        var keys = await platform.ReadAsync(cancellation);
        try
        {
            using var pair = Unseal(request, keys);
            return pair is null ? new Redemption.Lost() : await JudgeAsync(request, pair, uploaded, allowLegacyWrapping, cancellation);
        }
        finally
        {
            PlatformKey.Dispose(keys);
        }
    }

    private async Task<Redemption> JudgeAsync(ImportRequest request, WrappingKey pair, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping, CancellationToken cancellation)
    {
        var envelope = EnvelopeReader.Read(uploaded.Span, new WrappedForm(MaterialKind.Symmetric256, [pair.WrappedLength]));
        if (envelope is not Envelope.Wrapped wrapped)
        {
            return envelope is Envelope.Malformed wrong ? new Redemption.Malformed(wrong.Code, wrong.Message) : new Redemption.NotOpened();
        }

        var digest = SHA256.HashData(wrapped.Ciphertext);
        var isRepetition = request.UsedFor is { } before && CryptographicOperations.FixedTimeEquals(before, digest);
        if (request.UsedAt is not null && !isRepetition)
        {
            return new Redemption.Used();
        }

        if (MaterialOpener.Open([pair], wrapped.Ciphertext, null, allowLegacyWrapping) is not OpenedMaterial.Opened opened)
        {
            await secrets.PatchJsonAsync(request.Metadata.Key, RequestSecret.Fail(request), cancellation);
            return new Redemption.NotOpened();
        }

        using (opened.Material)
        {
            var used = isRepetition ? request : RequestSecret.Read(await secrets.PatchJsonAsync(request.Metadata.Key, RequestSecret.Use(request, time.GetUtcNow(), digest), cancellation));
            return new Redemption.Accepted(used ?? request, wrapped.Ciphertext, opened.Material.HashText(), isRepetition);
        }
    }

    private async Task<Issuance> IssueAsync(ObjectKey key, RSA pair, PlatformKey under, CancellationToken cancellation)
    {
        var token = ImportToken.Make();
        var request = new ImportRequest
        {
            Metadata = new ObjectMeta(),
            Id = token.Id,
            For = key,
            PublicKeyPem = pair.ExportSubjectPublicKeyInfoPem() + "\n",
            TokenHash = token.Hash,
            SealedPair = Sealing.Seal(under, pair, ImportRequest.Binding(key, token.Id)),
            ExpiresAt = time.GetUtcNow() + options.Lifetime,
        };
        var written = await secrets.CreateAsync(RequestSecret.Build(options.Namespace, request), cancellation, Children.FieldManager);
        return new Issuance.Issued(request with { Metadata = written.Metadata }, token);
    }

    private async Task<ImportRequest?> ReadAsync(string id, CancellationToken cancellation) =>
        await secrets.TryGetAsync(RequestSecret.Address(options.Namespace, id), cancellation) is { } secret ? RequestSecret.Read(secret) : null;

    private static WrappingKey? Unseal(ImportRequest request, IReadOnlyList<PlatformKey> keys) =>
        Sealing.Open(keys, request.SealedPair, ImportRequest.Binding(request.For, request.Id)) is { } pair ? new WrappingKey(request.Id, pair, request.ExpiresAt) : null;
}
