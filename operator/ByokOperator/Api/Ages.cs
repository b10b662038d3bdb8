using Kube.Core;

namespace ByokOperator.Api;

/// <summary>Which of two objects was there first: by creation, which has only seconds; then by address, so that two
/// never give way to each other.</summary>
internal static class Ages
{
    public static bool IsOlder(ObjectMeta other, ObjectMeta mine)
    {
        var byTime = Nullable.Compare(other.CreationTimestamp, mine.CreationTimestamp);
        var bySpace = string.CompareOrdinal(other.Namespace, mine.Namespace);
        return (byTime != 0 ? byTime : bySpace != 0 ? bySpace : string.CompareOrdinal(other.Name, mine.Name)) < 0;
    }
}
