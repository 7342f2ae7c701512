// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStepFaults} from "../interfaces/IStepFaults.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Claim, ClaimLib} from "../referee/lib/Claim.sol";
import {Elements} from "../referee/lib/Elements.sol";
import {Interface} from "../referee/lib/Interface.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {Openings} from "../referee/lib/Openings.sol";
import {Header} from "../referee/lib/Program.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {TensorType} from "../referee/lib/TensorType.sol";

/// @notice Parts of the proofs of {IStepFaults}, each read at a calldata offset.
library StepProof {
    using Openings for TensorType;

    /// @notice A claim of the batch with its interface.
    function open(
        uint256 pointer,
        bytes32 programId,
        bytes32 batchRoot,
        uint256 count
    ) internal pure returns (Claim memory claim, bytes calldata face, uint256 next) {
        (claim, next) = ClaimLib.open(pointer, batchRoot, count);
        require(claim.header.id() == programId, IStepFaults.StepFaults_Proof());
        (face, next) = interfaceOf(claim.header, next);
    }

    /// @notice `bytes u16 ‖ interface` of a program.
    function interfaceOf(Header header, uint256 pointer) internal pure returns (bytes calldata face, uint256 next) {
        uint256 length = Bytes.u16(pointer);
        face = Bytes.slice(pointer + 2, length);
        next = pointer + 2 + length;
        bytes32 hash = Tags.hash(Tags.INTERFACE, pointer + 2, length);
        require(hash == header.interfaceHash(), IStepFaults.StepFaults_Proof());
    }

    /// @notice A root with its siblings in a list.
    function listed(
        uint256 pointer,
        bytes32 root,
        uint256 index,
        uint256 count
    ) internal pure returns (bytes32 leaf, uint256 next) {
        leaf = Bytes.word(pointer);
        bytes32 top;
        (top, next) = Merkle.up(leaf, index, count, pointer + 32);
        require(top == root, IStepFaults.StepFaults_Proof());
    }

    /// @notice Root of output `index` of a claim, with its siblings in the trace.
    function output(
        uint256 pointer,
        bytes calldata face,
        bytes32 traceRoot,
        uint256 values,
        uint256 index
    ) internal pure returns (bytes32 root, uint256 next) {
        (bool exists, uint256 value) = Interface.output(face, index);
        require(exists, IStepFaults.StepFaults_Proof());
        return listed(pointer, traceRoot, value, values);
    }

    /// @notice The chunk of a tensor of `length` bytes that byte `place` lies in, with its siblings.
    /// @return data calldata offset of that byte
    function chunk(
        uint256 pointer,
        uint256 length,
        uint256 place
    ) internal pure returns (uint256 data, bytes32 root, uint256 next) {
        require(place < length, IStepFaults.StepFaults_Proof());
        data = pointer + (place % Openings.CHUNK);
        bytes32 leaf = sha256(Bytes.slice(pointer, Openings.CHUNK));
        uint256 chunks = (length + Openings.CHUNK - 1) / Openings.CHUNK;
        next = pointer + Openings.CHUNK;
        uint256 index = place / Openings.CHUNK;
        for (uint256 levels = Merkle.depth(chunks); levels != 0; --levels) {
            bytes32 sibling = Bytes.word(next);
            leaf = index & 1 == 1 ? sha256(abi.encode(sibling, leaf)) : sha256(abi.encode(leaf, sibling));
            index >>= 1;
            next += 32;
        }
        root = leaf;
    }

    /// @notice An element of a claim's input, by its byte.
    function input(
        uint256 pointer,
        Claim memory claim,
        TensorType kind,
        uint256 index,
        uint256 place
    ) internal pure returns (uint256 bits, uint256 next) {
        bytes32 root;
        uint256 data;
        (data, root, next) = chunk(pointer, kind.byteLength(), place);
        next = claim.requireIs(kind.tensorRoot(root), 1, index, next);
        bits = Elements.read(data, Elements.size(kind.dtype()));
    }

    /// @notice Root of the tensor whose rows have the type of `kind` from `axis` on.
    function rowsRoot(TensorType kind, uint256 axis, uint256 rows, bytes32 chunkRoot) internal pure returns (bytes32) {
        uint256 first = TensorType.unwrap(kind) + 6 + 4 * axis;
        bytes calldata dims = Bytes.slice(first, kind.end() - first);
        uint8 rank = uint8(kind.rank() - axis + 1);
        return
            keccak256(
                abi.encodePacked(Tags.TENSOR, uint8(kind.dtype()), uint32(0), rank, uint32(rows), dims, chunkRoot)
            );
    }

    /// @notice Elements of a row of the type of `kind` from `axis` on.
    function rowLength(TensorType kind, uint256 axis) internal pure returns (uint256 length) {
        length = 1;
        for (; axis < kind.rank(); ++axis) length *= kind.dim(axis);
    }
}
