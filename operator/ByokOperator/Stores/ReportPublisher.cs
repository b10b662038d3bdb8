using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reports;
using ByokOperator.Reports.Signing;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>
/// Gives each report its place in the store's chain, signs it, and shows it: first the operator's own record says which
/// one it is and holds it, then it stands beside the store and the sink is told, then the record lets it go. Whatever
/// ends in between is done once more with the same bytes: no number is left out, and none is given twice.
/// </summary>
internal sealed class ReportPublisher(OperatorContext around, NotificationBoard notices)
{
    private const int ChainBytes = 16;

    private readonly RecordWriter records = new(around);
    private readonly ConcurrentDictionary<ObjectKey, DateTimeOffset> told = new();

    /// <summary>What the next report follows. A record that is none of ours is taken away:
    /// the chain that begins then says so.</summary>
    public async Task<Turn> NextAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var owner = RecordOwner.Of(store.Metadata);
        var record = await records.ReadAsync<ReportRecord>(owner, cancellation);
        if (record.Fault is not null && around.Cluster.Records.MacKey.IsReady)
        {
            await records.EndAsync<ReportRecord>(owner, standing => standing.Fault is not null, cancellation);
        }

        var signer = await around.ReportKeys.CurrentAsync(cancellation);
        var shown = ReportMap.Signed(await around.Children.ReportAsync(store, cancellation));
        var freshId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChainBytes));
        return new Turn(record.Trusted,
            ReportChain.Next(record.Trusted, Standing(store, shown, signer), signer.Key.Id, freshId), signer);
    }

    /// <summary>A report that was signed and may never have been shown.</summary>
    /// <returns>Null where there is none.</returns>
    public async Task<ReportFacts?> FinishAsync(EncryptedStore store, Turn turn, CancellationToken cancellation) =>
        turn.Record is { Pending: { } pending } record ? await ShowAsync(store, record, pending, cancellation) : null;

    /// <param name="turn">Of this look.</param>
    /// <param name="build">By how many bytes it may have;
    /// called again with fewer where the first is too large for a record.</param>
    /// <param name="answers">The request that it is written for.</param>
    public async Task<ReportFacts?> PublishAsync(
        EncryptedStore store, Turn turn, Func<int, EncryptionReport> build, string? answers,
        CancellationToken cancellation)
    {
        var report = build(ReportBuilder.MaxBytes);
        var text = ReportBuilder.Write(report);
        var packed = PackedReport.Pack(text);
        if (!PackedReport.Fits(packed))
        {
            report = build(PackedReport.SurelyFits);
            text = ReportBuilder.Write(report);
            packed = PackedReport.Pack(text);
        }

        var pending = new ReportRecordPending(packed, turn.Signer.Sign(text), ReportMap.NotesOf(report, answers));
        var (link, digest) = (turn.Link, ReportSignature.DigestOf(text));
        var written = await records.EditAsync<ReportRecord>(
            RecordOwner.Of(store.Metadata),
            standing => (turn.Record is null ? standing.Sequence == 0 : IsSame(standing, turn.Record))
                ? standing with
                {
                    Chain = link.Id,
                    KeyId = turn.Signer.Key.Id,
                    Sequence = link.Sequence,
                    Digest = digest,
                    Pending = pending,
                }
                : throw new RefusedActException("ReportOvertaken", "another report of the store was written meanwhile"),
            cancellation);
        return await ShowAsync(store, written, pending, cancellation);
    }

    private async Task<ReportFacts?> ShowAsync(
        EncryptedStore store, ReportRecord record, ReportRecordPending pending, CancellationToken cancellation)
    {
        var signed = new SignedReport(PackedReport.Unpack(pending.Text), pending.Signature);
        var shown = await around.Children.ApplyAsync(ReportMap.Build(store, signed, pending.Notes), cancellation);
        var facts = ReportMap.Facts(pending.Notes);
        notices.Tell(
            ReportNotification.Of(store, $"{record.Chain} {record.Sequence}", facts?.WrittenAt
                ?? around.Time.GetUtcNow(),
                signed));
        told[store.Metadata.Key] = facts?.WrittenAt ?? default;
        await records.EditAsync<ReportRecord>(
            RecordOwner.Of(store.Metadata),
            standing => IsSame(standing, record) ? standing with { Pending = null } : standing, cancellation);
        return ReportMap.Facts(shown.Metadata.Annotations);
    }

    /// <summary>
    /// Tells the sink of a report that was shown by whoever led before, and may have ended before it was sent; under
    /// the same id. Only what a key of this installation signed, for it was read in a tenant's namespace.
    /// What can't be read is told after a later look.
    /// </summary>
    public async Task RetellAsync(EncryptedStore store, ReportFacts? shown, CancellationToken cancellation)
    {
        var key = store.Metadata.Key;
        if (!notices.HasSink || shown is null || !shown.IsInTime(NotificationBoard.Fresh, around.Time.GetUtcNow())
            || told.GetValueOrDefault(key) == shown.WrittenAt)
        {
            return;
        }

        try
        {
            var signer = await around.ReportKeys.CurrentAsync(cancellation);
            var signed = ReportMap.Signed(await around.Children.ReportAsync(store, cancellation));
            if (Standing(store, signed, signer) is { } place)
            {
                notices.Tell(ReportNotification.Of(store, $"{place.Id} {place.Sequence}", shown.WrittenAt, signed!));
            }

            told[key] = shown.WrittenAt;
        }
        catch (Exception unread) when (unread is KubeException or RefusedActException)
        {
            told.TryRemove(key, out _);
        }
    }

    public void Forget(ObjectKey store) => told.TryRemove(store, out _);

    /// <summary>What stands beside the store, as far as a key of this installation
    /// vouches for it and it is about this very object.</summary>
    private static ReportLinkEnd? Standing(EncryptedStore store, SignedReport? shown, ReportKeys.Signer signer)
    {
        if (shown is null || !signer.Knows(shown.Signature, Encoding.UTF8.GetBytes(shown.Text)))
        {
            return null;
        }

        return SignedReport.Place(shown.Text) is { } place && place.Uid == store.Metadata.Uid
            ? new ReportLinkEnd(place.Link.Id, place.Link.Sequence,
                ReportSignature.DigestOf(Encoding.UTF8.GetBytes(shown.Text)), ReportSignature.KeyIdOf(shown.Signature)!)
            : null;
    }

    private static bool IsSame(ReportRecord one, ReportRecord other) =>
        (one.Chain, one.Sequence, one.Digest, one.Pending is null)
            == (other.Chain, other.Sequence, other.Digest, other.Pending is null);

    /// <summary>The place of one report, decided on one look.</summary>
    /// <param name="Record">As it stood; null where none did.</param>
    internal sealed record Turn(ReportRecord? Record, ReportLink Link, ReportKeys.Signer Signer);
}
