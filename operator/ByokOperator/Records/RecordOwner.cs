using System.Text.RegularExpressions;
using Kube.Core;

namespace ByokOperator.Records;

/// <summary>Which object a record is about. The UID is part of it:
/// another object of that name is another owner.</summary>
internal sealed partial record RecordOwner(string Namespace, string Name, string Uid)
{
    public ObjectKey Key => new(Namespace, Name);

    public static RecordOwner Of(ObjectMeta metadata) =>
        new(metadata.Namespace ?? "", metadata.Name, metadata.Uid ?? "");

    public bool IsWellFormed =>
        ObjectNames.IsNamespace(Namespace) && ObjectNames.IsName(Name) && UidShape().IsMatch(Uid);

    /// <summary>None, or a uid other than the owner's.</summary>
    public static bool IsOrigin(string? origin, string uid) =>
        origin is null || (origin != uid && UidShape().IsMatch(origin));

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex UidShape();
}
