namespace LocalCloud.Aws.Iam;

/// <summary>What a document says of one request, strongest first: a Deny wins, then an Allow that names the caller,
/// then one to the caller's whole account.</summary>
internal enum PolicyEffect
{
    Silent,
    AllowsAccount,
    Allows,
    Denies,
}
