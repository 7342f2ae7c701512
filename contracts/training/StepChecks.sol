// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStepFaults} from "../interfaces/IStepFaults.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Claim, ClaimLib} from "../referee/lib/Claim.sol";
import {Elements} from "../referee/lib/Elements.sol";
import {Interface} from "../referee/lib/Interface.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {TensorType} from "../referee/lib/TensorType.sol";
import {RowOrder} from "./RowOrder.sol";
import {StepProof} from "./StepProof.sol";
import {Weight} from "./Weight.sol";

/// @notice What each kind of fault compares, in the order of a proof's parts: {IStepFaults}.
abstract contract StepChecks is IStepFaults {
    /// @dev What is known of a batch beside its terms.
    struct Facts {
        address registry;
        bytes32 runId;
        bytes32 parent;
        bytes32 batchRoot;
        bytes32 seed;
        bytes32 columnsRoot;
        /// whether it is a score: two claims, the parent's and the update's
        bool scored;
    }

    /// @dev A claim at fault as it was opened, and where the proof goes on.
    struct Opened {
        Claim claim;
        bytes32 programId;
        uint256 face;
        uint256 faceLength;
        uint256 next;
    }

    function _open(
        bytes32 programId,
        ITrainingRegistry.Batch calldata batch,
        Facts memory facts,
        uint256 pointer
    ) internal pure returns (Opened memory o) {
        bytes calldata face;
        o.programId = programId;
        (o.claim, face, o.next) = StepProof.open(pointer, programId, facts.batchRoot, batch.count);
        (o.face, ) = Bytes.bounds(face);
        o.faceLength = face.length;
    }

    function _face(Opened memory o) private pure returns (bytes calldata) {
        return Bytes.slice(o.face, o.faceLength);
    }

    /// @dev Another program, or another place than leaf `leaf` of this batch after the claim before it.
    function _context(
        bytes32 programId,
        ITrainingRegistry.Batch calldata batch,
        Facts memory facts,
        uint256 pointer
    ) internal view returns (uint32 leaf, bool bad, uint256 next) {
        leaf = uint32(Bytes.u32(pointer + 128));
        bytes32 root;
        (root, next) = Merkle.up(ClaimLib.hash(Bytes.word(pointer), pointer + 32), leaf, batch.count, pointer + 132);
        require(root == facts.batchRoot, StepFaults_Proof());
        bytes32 continues = facts.parent;
        if (leaf != 0) (continues, next) = StepProof.listed(next, facts.batchRoot, leaf - 1, batch.count);
        bytes32 subject = keccak256(abi.encode(facts.runId, batch));
        bytes32 context = keccak256(
            abi.encodePacked(Tags.CONTEXT, block.chainid, facts.registry, subject, leaf, continues)
        );
        bad = Bytes.word(pointer) != programId || Bytes.word(pointer + 96) != context;
    }

    /// @dev An input that is not what the claim before put out, nor of the first what the round began from.
    function _continuity(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        Facts memory facts,
        Opened memory o
    ) internal pure returns (bool bad, uint256 next) {
        require(!facts.scored || o.claim.leaf == 0, StepFaults_Proof());
        if (o.claim.leaf == 0) return _tensor(terms, facts.parent, 0, o);
        (uint256 i, bytes32 shown, uint256 pointer) = _input(terms, 0, o);
        bytes32 expected = ClaimLib.hash(o.programId, pointer);
        (expected, next) = Merkle.up(expected, o.claim.leaf - 1, batch.count, pointer + 96);
        require(expected == facts.batchRoot, StepFaults_Proof());
        bytes32 trace = Bytes.word(pointer + 32);
        (expected, next) = StepProof.output(next, _face(o), trace, o.claim.header.valueCount(), i);
        bad = shown != expected;
    }

    /// @dev An input of the `group`-th group of tensors that is not that of a checkpoint.
    function _tensor(
        ITrainingRegistry.Terms calldata terms,
        bytes32 checkpoint,
        uint256 group,
        Opened memory o
    ) internal pure returns (bool bad, uint256 next) {
        (uint256 i, bytes32 shown, uint256 pointer) = _input(terms, group, o);
        bytes32 expected;
        (expected, next) = StepProof.listed(pointer, checkpoint, i, terms.tensors);
        bad = shown != expected;
    }

    function _input(
        ITrainingRegistry.Terms calldata terms,
        uint256 group,
        Opened memory o
    ) private pure returns (uint256 i, bytes32 shown, uint256 next) {
        i = Bytes.u16(o.next);
        require(i < terms.tensors, StepFaults_Proof());
        uint256 index = group * terms.tensors + i;
        (shown, next) = StepProof.listed(o.next + 2, o.claim.inputsRoot, index, o.claim.header.inputCount());
    }

    /// @dev The last claim's outputs, of a score its inputs, do not make the checkpoint that the batch states.
    function _checkpoint(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        Facts memory facts,
        Opened memory o
    ) internal pure returns (bool bad, uint256 next) {
        require(o.claim.leaf + 1 == batch.count, StepFaults_Proof());
        uint256 width = 1 << Merkle.depth(terms.tensors);
        bytes32[] memory nodes = new bytes32[](width);
        next = o.next;
        uint256 values = o.claim.header.valueCount();
        for (uint256 i = 0; i < terms.tensors; ++i) {
            if (facts.scored)
                (nodes[i], next) = StepProof.listed(next, o.claim.inputsRoot, i, o.claim.header.inputCount());
            else (nodes[i], next) = StepProof.output(next, _face(o), o.claim.traceRoot, values, i);
        }
        for (; width > 1; width >>= 1) {
            for (uint256 i = 0; i < width; i += 2) nodes[i >> 1] = keccak256(abi.encode(nodes[i], nodes[i + 1]));
        }
        bad = nodes[0] != batch.checkpoint;
    }

    /// @dev An element of a column that is not the data set's at the row that the seed names.
    function _batch(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        Facts memory facts,
        Opened memory o
    ) internal pure returns (bool, uint256) {
        uint256 column = Bytes.u8(o.next);
        uint256 i = Bytes.u32(o.next + 1);
        require(i < terms.batch, StepFaults_Proof());
        uint256 position = facts.scored ? i : (_step(terms, batch, o) * terms.seats + batch.seat) * terms.batch + i;
        uint256 row = RowOrder.rowAt(facts.seed, position, terms.rows);
        uint256 first = uint256(terms.tensors) + (facts.scored ? 0 : 1);
        uint256 columns = o.claim.header.inputCount() - first;
        require(column < columns, StepFaults_Proof());
        uint256 e = Bytes.u32(o.next + 5);
        o.next += 9;
        bytes32 root;
        TensorType kind = Interface.input(_face(o), first + column);
        (bool bad, bytes32 shown, uint256 next) = _row(o, kind, 1, first + column, i, row, e, terms.rows);
        (root, next) = Merkle.up(shown, column, columns, next);
        require(root == facts.columnsRoot, StepFaults_Proof());
        return (bad, next);
    }

    /// @dev An element of the schedule that is not the terms' at this step.
    function _schedule(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        Opened memory o
    ) internal pure returns (bool, uint256) {
        uint256 e = Bytes.u32(o.next);
        o.next += 4;
        uint256 total = uint256(terms.rounds) * terms.steps;
        TensorType kind = Interface.input(_face(o), terms.tensors);
        (bool bad, bytes32 shown, uint256 next) = _row(o, kind, 0, terms.tensors, 0, _step(terms, batch, o), e, total);
        require(shown == terms.scheduleRoot, StepFaults_Proof());
        return (bad, next);
    }

    /// @dev Compares element `e` of row `i` of an input with that of row `row` of a tensor of `rows` such rows, and says
    /// which tensor that is.
    function _row(
        Opened memory o,
        TensorType kind,
        uint256 axis,
        uint256 index,
        uint256 i,
        uint256 row,
        uint256 e,
        uint256 rows
    ) private pure returns (bool bad, bytes32 root, uint256 next) {
        uint256 length = StepProof.rowLength(kind, axis);
        require(e < length, StepFaults_Proof());
        uint256 size = Elements.size(kind.dtype());
        uint256 bits;
        (bits, next) = StepProof.input(o.next, o.claim, kind, index, (i * length + e) * size);
        uint256 data;
        (data, root, next) = StepProof.chunk(next, rows * length * size, (row * length + e) * size);
        bad = bits != Elements.read(data, size);
        root = StepProof.rowsRoot(kind, axis, rows, root);
    }

    function _share(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Contribution[] calldata contributions,
        Opened memory o
    ) internal pure returns (bool bad, uint256 next) {
        uint256 index = 3 * uint256(terms.tensors);
        uint256 bits;
        (bits, next) = StepProof.input(o.next, o.claim, Interface.input(_face(o), index), index, 0);
        bad = bits != Weight.share(contributions, o.claim.leaf);
    }

    /// @dev Step of the run that a claim is.
    function _step(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        Opened memory o
    ) private pure returns (uint256) {
        return uint256(batch.round) * terms.steps + o.claim.leaf;
    }
}
