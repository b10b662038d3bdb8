using System.Globalization;

namespace LocalCloud.Aws.S3;

/// <summary>If-Match and its kin, on reads, writes and copy sources.</summary>
internal static class Conditions
{
    public static void DemandRead(S3Call call, ObjectVersion version)
    {
        if (call.Header("If-Match") is { } match && !Matches(match, version.ETag))
        {
            throw S3Problems.PreconditionFailed("If-Match");
        }

        if (call.Header("If-None-Match") is { } none && Matches(none, version.ETag))
        {
            call.Aws.Response.Headers.ETag = ObjectAnswers.Quoted(version.ETag);
            throw new AwsProblem(304, "NotModified", "Not Modified");
        }

        if (call.Header("If-Unmodified-Since") is { } unmodified && call.Header("If-Match") is null
            && Time(unmodified) < Seconds(version.Modified))
        {
            throw S3Problems.PreconditionFailed("If-Unmodified-Since");
        }

        if (call.Header("If-Modified-Since") is { } modified && call.Header("If-None-Match") is null
            && Time(modified) >= Seconds(version.Modified))
        {
            throw new AwsProblem(304, "NotModified", "Not Modified");
        }
    }

    public static void DemandSource(S3Call call, ObjectVersion source)
    {
        if (call.Header("x-amz-copy-source-if-match") is { } match && !Matches(match, source.ETag))
        {
            throw S3Problems.PreconditionFailed("x-amz-copy-source-If-Match");
        }

        if (call.Header("x-amz-copy-source-if-none-match") is { } none && Matches(none, source.ETag))
        {
            throw S3Problems.PreconditionFailed("x-amz-copy-source-If-None-Match");
        }

        if (call.Header("x-amz-copy-source-if-unmodified-since") is { } unmodified
            && Time(unmodified) < Seconds(source.Modified))
        {
            throw S3Problems.PreconditionFailed("x-amz-copy-source-If-Unmodified-Since");
        }

        if (call.Header("x-amz-copy-source-if-modified-since") is { } modified
            && Time(modified) >= Seconds(source.Modified))
        {
            throw S3Problems.PreconditionFailed("x-amz-copy-source-If-Modified-Since");
        }
    }

    /// <summary>To be asked under the bucket's lock; null when the write is unconditional.</summary>
    public static Action<ObjectVersion?>? ForWrite(S3Call call)
    {
        var none = call.Header("If-None-Match");
        var match = call.Header("If-Match");
        if (none is null && match is null)
        {
            return null;
        }

        if (none is not null and not "*")
        {
            throw S3Problems.NotModelled("If-None-Match");
        }

        return current =>
        {
            if (none is not null && current is not null)
            {
                throw S3Problems.PreconditionFailed("If-None-Match");
            }

            if (match is not null)
            {
                DemandMatch(match, current ?? throw S3Problems.NoSuchKey());
            }
        };
    }

    public static void DemandMatch(string match, ObjectVersion current)
    {
        if (!Matches(match, current.ETag))
        {
            throw S3Problems.PreconditionFailed("If-Match");
        }
    }

    private static bool Matches(string header, string etag) =>
        header == "*" || header.Split(',').Any(one => one.Trim().Trim('"') == etag);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : DateTimeOffset.MinValue;

    private static DateTimeOffset Seconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
