using Kube.Core;

namespace ByokOperator.Api;

/// <summary>Metadata of the objects we make: labelled as ours, by kind of child, and owned.</summary>
internal static class Children
{
    /// <summary>Label: which child this is (<c>binding</c>, <c>report</c>, <c>policy</c>, <c>copy</c>);
    /// watches select on it.</summary>
    public const string ChildLabel = "byok.dev/child";

    /// <summary>Of the Jobs that copy.</summary>
    public const string CopyChild = "copy";

    public const string FieldManager = "byok-operator";

    public static ObjectMeta Meta<T>(T owner, string name, string child)
        where T : class, IResource<T> => new()
        {
            Name = name,
            Namespace = owner.Metadata.Namespace,
            Labels = LabelsFor(child),
            OwnerReferences =
            [
                new OwnerReference
                {
                    ApiVersion = T.Kind.ApiVersion,
                    Kind = T.Kind.Kind,
                    Name = owner.Metadata.Name,
                    Uid = owner.Metadata.Uid
                        ?? throw new ArgumentException("an owner that the server has not seen has no uid",
                            nameof(owner)),
                    Controller = true,
                    BlockOwnerDeletion = true,
                },
            ],
        };

    public static Dictionary<string, string> LabelsFor(string child) => new()
    {
        [Labels.ManagedBy] = Labels.ManagedByValue,
        [ChildLabel] = child,
    };
}
