namespace LocalCloud.Aws.Kms;

/// <summary>KeyState as DescribeKey prints it.</summary>
internal enum KmsKeyState
{
    Creating,
    Enabled,
    Disabled,
    PendingDeletion,
    PendingImport,
    PendingReplicaDeletion,
    Unavailable,
    Updating,
}
