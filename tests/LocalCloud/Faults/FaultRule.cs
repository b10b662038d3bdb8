namespace LocalCloud.Faults;

/// <summary>Which requests an effect befalls. What is null matches everything; all that is given must match.</summary>
public sealed record FaultRule(FaultEffect Effect)
{
    public const string KmsViaS3 = "kms-via-s3";

    /// <summary><c>kms</c>, <c>s3</c>, <c>sts</c>, or <c>kms-via-s3</c> for what S3 asks of KMS (Decrypt, GenerateDataKey). null doesn't match the last.</summary>
    public string? Service { get; init; }

    /// <summary><c>CopyObject</c>, <c>Decrypt</c>…; a trailing <c>*</c> matches a prefix.</summary>
    public string? Operation { get; init; }

    public string? Bucket { get; init; }

    public string? KeyPrefix { get; init; }

    public string? AccessKey { get; init; }

    public string? PrincipalArn { get; init; }

    public string? Region { get; init; }

    /// <summary>How many times at most; null: until removed.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching requests go unharmed first.</summary>
    public int Skip { get; init; }

    public double Probability { get; init; } = 1;

    /// <summary>Fixes which requests a probability below 1 befalls, by order of arrival.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long from now on the cloud's clock; null: until removed.</summary>
    public TimeSpan? For { get; init; }
}
