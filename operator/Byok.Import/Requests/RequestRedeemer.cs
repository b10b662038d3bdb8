using System.Security.Cryptography;
using Byok.Import.Wrapping;
using Byok.Material;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>Judges uploads against their tokens, in memory, and uses a token up by the first one that opens.
/// The import API's alone.</summary>
public sealed class RequestRedeemer(KubeClient kube, RequestOptions options, PlatformKeys platform, TimeProvider time)
{
    private readonly KubeApi<Secret> secrets = kube.Api<Secret>();

    public async Task<Redemption> RedeemAsync(
        ObjectKey key, string token, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping,
        CancellationToken cancellation)
    {
        const int MostTries = 3; // each loss means that another upload got ahead, which MostFailures bounds
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryRedeemAsync(key, token, uploaded, allowLegacyWrapping, cancellation);
            }
            catch (KubeException changed) when ((changed.Status.IsInvalid || changed.Status.IsConflict)
                && attempt < MostTries)
            {
                // Another upload changed the record first: the second look tells what that means for this one.
            }
        }
    }

    private async Task<Redemption> TryRedeemAsync(
        ObjectKey key, string text, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping,
        CancellationToken cancellation)
    {
        if (ImportToken.Parse(text) is not { } token || await ReadAsync(token.Id, cancellation) is not { } request
            || !CryptographicOperations.FixedTimeEquals(token.Hash, request.TokenHash) || request.For != key)
        {
            return new Redemption.Unknown();
        }

        var now = time.GetUtcNow();
        if (request is { UsedAt: null } && !request.IsOpenAt(now))
        {
            return request.Failures >= ImportRequest.MostFailures ? new Redemption.Exhausted()
                : new Redemption.Expired();
        }

        using var under = await platform.FindAsync(PairEncryption.KeyIdOf(request.EncryptedPair), cancellation);
        using var pair = under is null ? null : request.Decrypt([under]);
        return pair is null ? new Redemption.Lost()
            : await JudgeAsync(request, pair, uploaded, allowLegacyWrapping, cancellation);
    }

    private async Task<Redemption> JudgeAsync(
        ImportRequest request, WrappingKey pair, ReadOnlyMemory<byte> uploaded, bool allowLegacyWrapping,
        CancellationToken cancellation)
    {
        var envelope =
            EnvelopeReader.Read(uploaded.Span, new WrappedForm(MaterialKind.Symmetric256, [pair.WrappedLength]));
        if (envelope is not Envelope.Wrapped wrapped)
        {
            return envelope is Envelope.Malformed wrong ? new Redemption.Malformed(wrong.Code, wrong.Message)
                : new Redemption.NotOpened();
        }

        var digest = SHA256.HashData(wrapped.Ciphertext);
        var isRepetition = request.UsedFor is { } before && CryptographicOperations.FixedTimeEquals(before, digest);
        if (request.UsedAt is not null && !isRepetition)
        {
            return new Redemption.Used();
        }

        if (MaterialOpener.Open([pair], wrapped.Ciphertext, null,
            allowLegacyWrapping) is not OpenedMaterial.Opened opened)
        {
            await secrets.PatchJsonAsync(request.Metadata.Key, RequestSecret.Fail(request), cancellation);
            return new Redemption.NotOpened();
        }

        using (opened.Material)
        {
            var used = isRepetition ? request
                : RequestSecret.Read(
                    await secrets.PatchJsonAsync(request.Metadata.Key,
                        RequestSecret.Use(request, time.GetUtcNow(), digest), cancellation));
            return new Redemption.Accepted(used ?? request, wrapped.Ciphertext, opened.Material.HashText(),
                isRepetition);
        }
    }

    private async Task<ImportRequest?> ReadAsync(string id, CancellationToken cancellation) =>
        await secrets.TryGetAsync(RequestSecret.Address(options.Namespace, id), cancellation) is { } secret
            ? RequestSecret.Read(secret) : null;
}
