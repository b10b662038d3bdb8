using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>If-Match and its kin, on reads, writes and copy sources.</summary>
internal static class BlobConditions
{
    public static void DemandRead(BlobCall call, BlobState blob)
    {
        if (Fails(call, "", blob, out var isNone))
        {
            throw isNone ? BlobProblems.NotModified() : BlobProblems.ConditionNotMet();
        }
    }

    public static void DemandSource(BlobCall call, BlobState blob)
    {
        if (Fails(call, "x-ms-source-", blob, out _))
        {
            throw BlobProblems.SourceConditionNotMet();
        }
    }

    public static void DemandWrite(BlobCall call, BlobState? blob)
    {
        if (blob is null)
        {
            if (call.Header("If-Match") is not null)
            {
                throw BlobProblems.ConditionNotMet();
            }

            return;
        }

        if (call.Header("If-None-Match") == "*")
        {
            throw BlobProblems.BlobExists();
        }

        if (Fails(call, "", blob, out _))
        {
            throw BlobProblems.ConditionNotMet();
        }
    }

    private static bool Fails(BlobCall call, string prefix, BlobState blob, out bool isNone)
    {
        isNone = true;
        if (call.Header(prefix + "If-None-Match") is { } none && Matches(none, blob.ETag))
        {
            return true;
        }

        var seconds = DateTimeOffset.FromUnixTimeSeconds(blob.Modified.ToUnixTimeSeconds());
        if (call.Header(prefix + "If-Modified-Since") is { } since && call.Header(prefix + "If-None-Match") is null
            && seconds <= Time(since))
        {
            return true;
        }

        isNone = false;
        return (call.Header(prefix + "If-Match") is { } match && !Matches(match, blob.ETag))
            || (call.Header(prefix + "If-Unmodified-Since") is { } until && seconds > Time(until));
    }

    private static bool Matches(string header, string etag) =>
        header == "*" || header.Split(',').Any(one => one.Trim().Trim('"') == etag.Trim('"'));

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : DateTimeOffset.MinValue;
}
