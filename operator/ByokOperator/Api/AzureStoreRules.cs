using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>Rules about a store's fields that only Azure has. The sentences are those of crds/, word for word;
/// a test compares them.</summary>
internal static partial class AzureStoreRules
{
    public static IEnumerable<Violation> Place(AzureStore azure, AzureSharedLocation? shared)
    {
        foreach (var violation in Subscription("spec.azure.subscriptionId", azure.SubscriptionId)
            .Concat(Group("spec.azure.resourceGroup", azure.ResourceGroup))
            .Concat(azure.AccountName is { } name ? Account("spec.azure.accountName", name) : [])
            .Concat(Container("spec.azure.container", azure.Container)))
        {
            yield return violation;
        }

        foreach (var violation in Location("spec.azure.location", azure.Location))
        {
            yield return violation;
        }

        if (azure.AccountName is { } own && own == shared?.AccountName)
        {
            yield return new("spec",
                "the store can't stand in the shared account, it gets one of its own: give spec.azure.accountName "
                    + "another name, or leave it out");
        }
    }

    public static IEnumerable<Violation> Shared(AzureSharedLocation shared) =>
        (shared.SubscriptionId is { } subscription ? Subscription("spec.shared.azure.subscriptionId", subscription)
            : [])
            .Concat(shared.ResourceGroup is { } group ? Group("spec.shared.azure.resourceGroup", group) : [])
            .Concat(Account("spec.shared.azure.accountName", shared.AccountName))
            .Concat(Container("spec.shared.azure.container", shared.Container))
            .Concat(shared.Prefix is { } prefix ? FieldRules.Prefix("spec.shared.azure.prefix", prefix) : []);

    public static IEnumerable<Violation> Location(string field, string location)
    {
        if (!LocationShape().IsMatch(location))
        {
            yield return new(field,
                "not the name of an Azure location: write one such as westeurope, in lower case and without spaces");
        }
    }

    public static IEnumerable<Violation> Subscription(string field, string id) =>
        FieldRules.Id(field, id,
            "not the id of a subscription: write its GUID, such as 11111111-2222-3333-4444-555555555555");

    public static IEnumerable<Violation> Group(string field, string name)
    {
        if (name.Length is 0 or > 90 || !GroupShape().IsMatch(name))
        {
            yield return new(field,
                "not the name of a resource group: write 1 to 90 letters, digits, hyphens, underscores, dots or "
                    + "brackets, no dot at the end");
        }
    }

    public static IEnumerable<Violation> Account(string field, string name)
    {
        if (name.Length is < 3 or > 24 || !AccountShape().IsMatch(name))
        {
            yield return new(field,
                "not the name of a storage account: write 3 to 24 lower-case letters and digits, nothing else");
        }
    }

    public static IEnumerable<Violation> Container(string field, string name)
    {
        if (name.Length is < 3 or > 63 || !ContainerShape().IsMatch(name))
        {
            yield return new(field,
                "not the name of a container: write 3 to 63 lower-case letters, digits and single hyphens, a letter "
                    + "or digit at both ends");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_().-]*[A-Za-z0-9_()-]\z")]
    private static partial Regex GroupShape();

    [GeneratedRegex(@"^[a-z][a-z0-9]{2,31}\z")]
    private static partial Regex LocationShape();

    [GeneratedRegex(@"^[a-z0-9]+\z")]
    private static partial Regex AccountShape();

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerShape();
}
