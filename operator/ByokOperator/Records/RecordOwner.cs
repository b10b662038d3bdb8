using System.Text.RegularExpressions;
using Kube.Core;

namespace ByokOperator.Records;

/// <summary>Which object a record is about. The UID is part of it: another object of that name is another owner.</summary>
internal sealed partial record RecordOwner(string Namespace, string Name, string Uid)
{
    private const int LongestName = 253; // of any object

    public ObjectKey Key => new(Namespace, Name);

    public static RecordOwner Of(ObjectMeta metadata) => new(metadata.Namespace ?? "", metadata.Name, metadata.Uid ?? "");

    public bool IsWellFormed => NamespaceShape().IsMatch(Namespace) && Name.Length <= LongestName && NameShape().IsMatch(Name) && UidShape().IsMatch(Uid);

    /// <summary>None, or a uid other than the owner's.</summary>
    public static bool IsOrigin(string? origin, string uid) => origin is null || (origin != uid && UidShape().IsMatch(origin));

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex NamespaceShape();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex UidShape();
}
