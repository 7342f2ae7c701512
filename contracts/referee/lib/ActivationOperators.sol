// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";

/// @title Functions of one element, and powers, by their opcodes
library ActivationOperators {
    enum Kind {
        Exp,
        Log,
        Erf,
        Tanh,
        Sigmoid,
        Softplus,
        Gelu,
        HardSwish,
        HardSigmoid,
        Elu,
        Sin,
        Cos,
        Reciprocal,
        Pow
    }

    function kind(bytes32 code) internal pure returns (Kind) {
        if (code == keccak256("ai.onnx/Exp/6")) return Kind.Exp;
        if (code == keccak256("ai.onnx/Exp/13")) return Kind.Exp;
        if (code == keccak256("ai.onnx/Log/6")) return Kind.Log;
        if (code == keccak256("ai.onnx/Log/13")) return Kind.Log;
        if (code == keccak256("ai.onnx/Erf/9")) return Kind.Erf;
        if (code == keccak256("ai.onnx/Erf/13")) return Kind.Erf;
        if (code == keccak256("ai.onnx/Tanh/6")) return Kind.Tanh;
        if (code == keccak256("ai.onnx/Tanh/13")) return Kind.Tanh;
        if (code == keccak256("ai.onnx/Sigmoid/6")) return Kind.Sigmoid;
        if (code == keccak256("ai.onnx/Sigmoid/13")) return Kind.Sigmoid;
        if (code == keccak256("ai.onnx/Softplus/1")) return Kind.Softplus;
        if (code == keccak256("ai.onnx/Softplus/22")) return Kind.Softplus;
        if (code == keccak256("ai.onnx/Gelu/20")) return Kind.Gelu;
        if (code == keccak256("ai.onnx/HardSwish/14")) return Kind.HardSwish;
        if (code == keccak256("ai.onnx/HardSwish/22")) return Kind.HardSwish;
        if (code == keccak256("ai.onnx/HardSigmoid/6")) return Kind.HardSigmoid;
        if (code == keccak256("ai.onnx/HardSigmoid/22")) return Kind.HardSigmoid;
        if (code == keccak256("ai.onnx/Elu/6")) return Kind.Elu;
        if (code == keccak256("ai.onnx/Elu/22")) return Kind.Elu;
        if (code == keccak256("ai.onnx/Sin/7")) return Kind.Sin;
        if (code == keccak256("ai.onnx/Sin/22")) return Kind.Sin;
        if (code == keccak256("ai.onnx/Cos/7")) return Kind.Cos;
        if (code == keccak256("ai.onnx/Cos/22")) return Kind.Cos;
        if (code == keccak256("ai.onnx/Reciprocal/6")) return Kind.Reciprocal;
        if (code == keccak256("ai.onnx/Reciprocal/13")) return Kind.Reciprocal;
        if (code == keccak256("ai.onnx/Pow/7")) return Kind.Pow;
        if (code == keccak256("ai.onnx/Pow/12")) return Kind.Pow;
        if (code == keccak256("ai.onnx/Pow/13")) return Kind.Pow;
        if (code == keccak256("ai.onnx/Pow/15")) return Kind.Pow;
        revert IJudge.Judge_Opcode(code);
    }
}
