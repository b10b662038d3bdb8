using Cloud.Aws.Keys;

namespace Cloud.Aws;

/// <summary><c>REGION=ARN[,REGION=ARN...]</c>: the platform's own keys that unattributed denials are tried on.
/// Pure.</summary>
public static class ControlKeys
{
    /// <param name="texts">As they were given; empty entries count for nothing.</param>
    /// <returns>By region what is sound, and a sentence for each entry that is not.</returns>
    public static (IReadOnlyDictionary<string, string> Keys, IReadOnlyList<string> Faults) Read(
        IEnumerable<string> texts)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var entry
            in texts.SelectMany(text =>
                text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } region, { } arn])
            {
                faults.Add(
                    $"'{entry}' is not REGION=ARN: write such as "
                        + "eu-west-1=arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
            }
            else if (!KmsKeyArn.TryParse(arn, region, out var key, out var problem))
            {
                faults.Add(problem);
            }
            else if (!keys.TryAdd(region, key.ToString()) && keys[region] != key.ToString())
            {
                faults.Add($"{region} has two control keys: give one");
            }
        }

        return (keys, faults);
    }
}
