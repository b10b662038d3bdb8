using System.Text.Json;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Stores;

namespace ByokOperator.Reports;

/// <summary>Makes a report from what observers saw. Pure; the same input gives the same bytes.</summary>
internal static class ReportBuilder
{
    /// <summary>A ConfigMap holds 1 MiB with its metadata and keys; this leaves room for both.</summary>
    public const int MaxBytes = 900 * 1024;

    /// <summary>Enough for every call of a look and the proofs of an hour;
    /// what matters of older calls is in deviations.</summary>
    private const int MaxEvidence = 500;

    private const int MaxCensus = 1_000;
    private const int MaxDeviations = 200;

    /// <summary>Values quote other people's text: a line of it is enough.</summary>
    private const int MaxText = 512;

    /// <param name="input">What was seen.</param>
    /// <param name="maxBytes">That it may be long, as it is written.</param>
    public static EncryptionReport Build(ReportInput input, int maxBytes = MaxBytes)
    {
        var observed = Observe(input);
        var census = (input.Census.ForDisplay() ?? []).OrderByDescending(entry => entry.Objects)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        var receiptIsMissing = input.Expected.SharedBucket is not null && input.Receipt is { Blindness: null } receipt
            && receipt.ForDisplay() is null;
        var deviations = Deviations.Find(input.Expected, input.Key, observed, census, receiptIsMissing).Select(Shorten)
            .ToList();
        var evidence = EvidenceOf(input);
        return Fit(new()
        {
            GeneratedAt = input.Now,
            OperatorVersion = input.OperatorVersion,
            Chain = input.Link,
            Store = new(input.Store.Metadata.Namespace ?? "", input.Store.Metadata.Name, input.Store.Metadata.Uid ?? "",
                input.Store.Metadata.Generation ?? 0),
            Key = input.Key,
            Expected = input.Expected,
            Observed = observed,
            Census = census,
            Receipt = input.Receipt.ForDisplay(),
            Deviations = deviations,
            Unseen = [.. Unseen(input)],
            Evidence = evidence,
            Omitted = new(0, 0, 0),
        }, maxBytes);
    }

    /// <summary>The bytes that go into the ConfigMap.</summary>
    public static byte[] Write(EncryptionReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(report, ReportJson.Default.EncryptionReport);

    private static ObservedState Observe(ReportInput input)
    {
        var target = input.Target.ForDisplay();
        var source = input.Source.ForDisplay();
        return new()
        {
            Availability = input.Availability,
            Ownership = target?.Ownership.ToString(),
            KeyId = target?.ObservedKeyId,
            NotPutBack = input.NotPutBack is { Count: > 0 } lost ? lost : null,
            Drift = target?.Drift,
            Denied = target is null or { Ownership: StoreOwnership.Absent } ? null : target.IsDenied,
            BindingStands = input.BindingStands.Blindness is null ? input.BindingStands.ForDisplay() : null,
            SourceEmpty = source?.IsEmpty,
            SourceFenced = source is null ? null : source.Fence is not null,
            UnfinishedUploads = source?.UnfinishedUploads,
            Aspects = target is null ? null
                : new SortedDictionary<string, string>(
                    target.Observed.ToDictionary(aspect => aspect.Key, aspect => Shorten(aspect.Value)),
                    StringComparer.Ordinal),
        };
    }

    private static IEnumerable<UnseenAspect> Unseen(ReportInput input) =>
        new (string Field, string? Why)[]
        {
            ("target", input.Target.Blindness),
            ("source", input.Source.Blindness),
            ("census", input.Census.Blindness ?? NotAsked(input.NotAsked)),
            ("bindingStands", input.BindingStands.Blindness),
            ("receipt", input.Receipt.Blindness),
        }.Where(one => one.Why is not null).Select(one => new UnseenAspect(one.Field, Shorten(one.Why!)));

    /// <summary>A census that left versions out is no proof that none stands under another key.</summary>
    private static string? NotAsked(long versions) => versions == 0 ? null
        : $"NotAsked: {versions} versions came after the move and are in no receipt, and are more than one census "
            + "asks about";

    private static List<CallRecord> EvidenceOf(ReportInput input) =>
        [.. input.Evidence
            .Concat(input.Target.ForDisplay()?.Evidence ?? [])
            .Concat(input.Source.ForDisplay()?.Evidence ?? [])
            .Distinct()
            .OrderBy(call => call.At)
            .Select(call => call with { Outcome = Shorten(call.Outcome) })];

    /// <summary>First by count, then by size: evidence goes first, deviations last,
    /// the oldest and smallest of each before the rest.</summary>
    private static EncryptionReport Fit(EncryptionReport whole, int maxBytes)
    {
        var (evidence, census, deviations) = (Math.Min(whole.Evidence.Count, MaxEvidence),
            Math.Min(whole.Census.Count, MaxCensus), Math.Min(whole.Deviations.Count, MaxDeviations));
        while (true)
        {
            var cut = Cut(whole, evidence, census, deviations);
            if (Write(cut).Length <= maxBytes || (evidence, census, deviations) == (0, 0, 0))
            {
                return cut;
            }

            (evidence, census, deviations) = evidence > 0 ? (evidence / 2, census, deviations)
                : census > 0 ? (evidence, census / 2, deviations)
                : (evidence, census, deviations / 2);
        }
    }

    private static EncryptionReport Cut(EncryptionReport whole, int evidence, int census, int deviations) => whole with
    {
        Evidence = [.. whole.Evidence.TakeLast(evidence)],
        Census = [.. whole.Census.Take(census)],
        Deviations = [.. whole.Deviations.Take(deviations)],
        Omitted =
            new(whole.Evidence.Count - evidence, whole.Census.Count - census, whole.Deviations.Count - deviations),
    };

    private static Deviation Shorten(Deviation deviation) =>
        deviation with
        {
            Expected = Shorten(deviation.Expected),
            Observed = Shorten(deviation.Observed),
            Fix = Shorten(deviation.Fix),
        };

    private static string Shorten(string text) =>
        text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText - 1), "…");
}
