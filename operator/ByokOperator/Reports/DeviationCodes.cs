namespace ByokOperator.Reports;

/// <summary>What can be wrong with a store. Codes are never renamed or used
/// for something else within report v1.</summary>
internal static class DeviationCodes
{
    public const string StoreMissing = "StoreMissing";
    public const string StoreNotOurs = "StoreNotOurs";
    public const string OtherDefaultKey = "OtherDefaultKey";
    public const string AspectDrifted = "AspectDrifted";
    public const string OpenThoughClosed = "OpenThoughClosed";
    public const string ClosedThoughOpen = "ClosedThoughOpen";
    public const string ClosingHeldUp = "ClosingHeldUp";
    public const string BoundThoughClosed = "BoundThoughClosed";
    public const string NotBoundThoughOpen = "NotBoundThoughOpen";
    public const string KeyRefused = "KeyRefused";
    public const string KeyUnproved = "KeyUnproved";
    public const string ObjectsUnderOtherKey = "ObjectsUnderOtherKey";
    public const string SourceNotRetired = "SourceNotRetired";
    public const string SourceStillFenced = "SourceStillFenced";
    public const string ReceiptMissing = "ReceiptMissing";
    public const string UploadsUnfinished = "UploadsUnfinished";
    public const string NotPutBack = "NotPutBack";

    /// <summary>Those that the operator can't mend by itself;
    /// the others are told for the record and go away with the next looks.</summary>
    public static IReadOnlySet<string> ActionRequired { get; } = new HashSet<string>
    {
        StoreMissing, StoreNotOurs, KeyRefused, ObjectsUnderOtherKey, SourceNotRetired, ReceiptMissing,
    };
}
