namespace Cloud.Routing;

/// <summary>One port's adapters by cloud. A cloud that this process was not set up for has none.</summary>
/// <param name="Aws">Null: not set up.</param>
/// <param name="Azure">Null: not set up.</param>
public sealed record Choice<T>(T? Aws, T? Azure)
    where T : class
{
    /// <summary>Throws Refused with code <c>CloudNotConfigured</c>, naming what to set.</summary>
    public T For(CloudKind cloud) => cloud switch
    {
        CloudKind.Aws when Aws is not null => Aws,
        CloudKind.Azure when Azure is not null => Azure,
        CloudKind.Azure =>
            throw Missing(
                "the operator was not set up for Azure: give it --azure-tenant and --azure-client (AZURE_TENANT_ID, "
                    + "AZURE_CLIENT_ID)"),
        _ => throw Missing("the operator was not set up for AWS"),
    };

    private static CloudException Missing(string mend) =>
        new(new CloudProblem.Refused("CloudNotConfigured", mend), "route");
}
