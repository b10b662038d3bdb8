namespace LocalCloud.Faults;

/// <summary>Which requests, and how often. What is null matches everything; all that is given must match.</summary>
public abstract record FaultScope
{
    /// <summary><c>kms</c>, <c>s3</c>, <c>sts</c>, or <c>entra</c>, <c>arm</c>, <c>keyvault</c>, <c>blob</c>; or what a
    /// service asks of another: <c>kms-via-s3</c> (Decrypt, GenerateDataKey), <c>keyvault-via-storage</c> (WrapKey,
    /// UnwrapKey). null doesn't match these two.</summary>
    public string? Service { get; init; }

    /// <summary><c>CopyObject</c>, <c>Decrypt</c>…; a trailing <c>*</c> matches a prefix.</summary>
    public string? Operation { get; init; }

    /// <summary>The bucket, or the container.</summary>
    public string? Bucket { get; init; }

    /// <summary>Of the object's name; of KMS's key, as the request names it.</summary>
    public string? KeyPrefix { get; init; }

    public string? AccessKey { get; init; }

    /// <summary>The principal's ARN, or its object id in Microsoft Entra.</summary>
    public string? PrincipalArn { get; init; }

    public string? Region { get; init; }

    /// <summary>The storage account, or the vault; Azure alone.</summary>
    public string? Account { get; init; }

    /// <summary>How many times at most; null: until removed.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching requests go unharmed first.</summary>
    public int Skip { get; init; }

    public double Probability { get; init; } = 1;

    /// <summary>Fixes which requests a probability below 1 befalls, by order of arrival.</summary>
    public int Seed { get; init; } = 1;
}
