# The operator's role, and its pods' way to it on an EKS cluster by Pod Identity. The policies are those of setup.sh.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.30"
    }
  }
}

variable "cluster" {
  description = "Name of the EKS cluster that the operator runs on. It has the add-on eks-pod-identity-agent."
  type        = string
}

variable "shared_bucket" {
  description = "The bucket that tenants' data lies in without keys of their own."
  type        = string
}

variable "role" {
  description = "Name of the operator's role: the chart's aws.operatorRole, and the one that tenants' keys let in."
  type        = string
  default     = "byok-operator"
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}

resource "aws_iam_role" "operator" {
  name               = var.role
  assume_role_policy = file("${path.module}/trust.json")
}

resource "aws_iam_role_policy" "operator" {
  name = "byok-operator"
  role = aws_iam_role.operator.id
  policy = templatefile("${path.module}/operator-policy.json", {
    partition     = data.aws_partition.here.partition
    account       = data.aws_caller_identity.here.account_id
    shared_bucket = var.shared_bucket
  })
}

# The copy pods act as the operator's role too: it is the one that tenants' keys let in.
resource "aws_eks_pod_identity_association" "operator" {
  for_each        = toset(["byok-operator", "byok-copy"])
  cluster_name    = var.cluster
  namespace       = "byok-system"
  service_account = each.key
  role_arn        = aws_iam_role.operator.arn
}

output "role_arn" {
  value = aws_iam_role.operator.arn
}
