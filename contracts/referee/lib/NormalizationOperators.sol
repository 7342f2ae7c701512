// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";

/// @title Functions of a row, and normalisations, by their opcodes
library NormalizationOperators {
    enum Kind {
        Softmax,
        LogSoftmax,
        LayerNormalization,
        RmsNormalization,
        InstanceNormalization,
        GroupNormalization,
        BatchNormalization
    }

    function kind(bytes32 code) internal pure returns (Kind) {
        if (code == keccak256("ai.onnx/Softmax/13")) return Kind.Softmax;
        if (code == keccak256("ai.onnx/LogSoftmax/13")) return Kind.LogSoftmax;
        if (code == keccak256("ai.onnx/LayerNormalization/17")) return Kind.LayerNormalization;
        if (code == keccak256("ai.onnx/RMSNormalization/23")) return Kind.RmsNormalization;
        if (code == keccak256("ai.onnx/InstanceNormalization/6")) return Kind.InstanceNormalization;
        if (code == keccak256("ai.onnx/InstanceNormalization/22")) return Kind.InstanceNormalization;
        if (code == keccak256("ai.onnx/GroupNormalization/21")) return Kind.GroupNormalization;
        if (code == keccak256("ai.onnx/BatchNormalization/9")) return Kind.BatchNormalization;
        if (code == keccak256("ai.onnx/BatchNormalization/14")) return Kind.BatchNormalization;
        if (code == keccak256("ai.onnx/BatchNormalization/15")) return Kind.BatchNormalization;
        revert IJudge.Judge_Opcode(code);
    }
}
