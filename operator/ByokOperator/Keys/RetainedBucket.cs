namespace ByokOperator.Keys;

/// <summary>A bucket that outlived its store object.</summary>
/// <param name="Owner">The value on its ownership tag: the store's UID.</param>
internal sealed record RetainedBucket(string Bucket, string Region, string Owner);
