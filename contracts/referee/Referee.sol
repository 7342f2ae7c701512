// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJudge} from "../interfaces/IJudge.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {Body, BodyLib} from "./lib/Body.sol";
import {Bytes} from "./lib/Bytes.sol";
import {Claim, ClaimLib} from "./lib/Claim.sol";
import {Elements} from "./lib/Elements.sol";
import {Merkle} from "./lib/Merkle.sol";
import {Openings} from "./lib/Openings.sol";
import {TensorType} from "./lib/TensorType.sol";

contract Referee is IReferee {
    using Openings for TensorType;

    uint256 private constant OUTPUT_SLOT = 128;
    uint256 private constant VALUE = 3;
    uint256 private constant INNER = 4;

    IClaims public immutable claims;
    IJudgeRegistry public immutable judges;
    IAccusations public immutable accusations;
    IAvailability public immutable availability;

    struct Found {
        uint256 leaf;
        uint256 operator;
        uint256 output;
        uint256 element;
        uint256 claimed;
        bytes32 opcode;
        bool inner;
    }

    constructor(IClaims claims_, IJudgeRegistry judges_, IAccusations accusations_, IAvailability availability_) {
        claims = claims_;
        judges = judges_;
        accusations = accusations_;
        availability = availability_;
    }

    /// @inheritdoc IReferee
    function proveFault(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        accusations.check(batchId, keccak256(proof), msg.sender, salt);
        (IJudge.Verdict verdict, Found memory found) = _examine(batchId, proof);
        if (verdict == IJudge.Verdict.Permitted) revert Referee_NoFault();
        if (verdict == IJudge.Verdict.Void) {
            claims.annul(batchId, uint32(found.leaf));
            return;
        }
        emit Convicted(batchId, found.leaf, found.operator, found.output, found.element, found.opcode, found.claimed);
        claims.reject(batchId, uint32(found.leaf), msg.sender);
    }

    /// @inheritdoc IReferee
    function examine(bytes32 batchId, bytes calldata proof) external view returns (IJudge.Verdict verdict) {
        (verdict, ) = _examine(batchId, proof);
    }

    /// @inheritdoc IReferee
    function examineTrace(
        bytes32 batchId,
        bytes calldata proof
    ) external view returns (IJudge.Verdict verdict, uint32 leaf) {
        Found memory found;
        (verdict, found) = _examine(batchId, proof);
        if (found.inner) revert Referee_Inner();
        leaf = uint32(found.leaf);
    }

    function _examine(
        bytes32 batchId,
        bytes calldata proof
    ) private view returns (IJudge.Verdict verdict, Found memory found) {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        IClaims.Batch memory batch = claims.batch(batchId);
        Claim memory claim;
        (claim, pointer) = ClaimLib.open(pointer, batch.root, batch.count);
        found.leaf = claim.leaf;

        bytes calldata op;
        (found.operator, op, pointer) = claim.header.operator(pointer);
        (bool ok, Body memory body) = BodyLib.decode(op);
        if (!ok) revert Referee_Undecodable();
        found.opcode = body.opcode;
        if (body.touchesInner()) {
            found.inner = true;
            claim.segmentRoot = availability.segmentRoot(batchId, uint32(claim.leaf), uint32(body.segment));
        }
        IJudge judge = IJudge(judges.judge(body.opcode, body.judge));
        if (address(judge) == address(0)) revert Referee_NoJudge(body.opcode, body.judge);

        found.output = Bytes.u8(pointer);
        found.element = Bytes.u32(pointer + 1);
        uint256 openings = Bytes.u8(pointer + 5);
        bytes memory evidence;
        (found.claimed, evidence) = _open(claim, body, found, openings, pointer + 6, end);
        verdict = judge.judge(op, claim.header.numerics(), found.output, found.element, found.claimed, evidence);
    }

    /// @dev Opens the claimed element, then the operands. The evidence is the last thing in memory and grows as they
    /// come: nothing below may allocate until it is complete.
    function _open(
        Claim memory claim,
        Body memory body,
        Found memory found,
        uint256 openings,
        uint256 pointer,
        uint256 end
    ) private view returns (uint256 claimed, bytes memory evidence) {
        uint256 scratch;
        uint256 chunks;
        assembly ("memory-safe") {
            // room for two words a chunk that the blob can hold, and one chunk
            scratch := mload(0x40)
            evidence := add(scratch, add(1024, shl(6, shr(10, sub(end, pointer)))))
            mstore(evidence, 0)
            mstore(0x40, add(evidence, 32))
        }
        _requireElement(body, found, openings, pointer);
        (chunks, pointer) = _opening(claim, body, scratch, pointer, end);
        uint256 size = Elements.size(body.types[body.inputs + found.output].dtype());
        claimed = Elements.read(chunks + ((found.element * size) % Openings.CHUNK), size);
        for (uint256 i = 1; i < openings; ++i) {
            uint256 start = pointer;
            (chunks, pointer) = _opening(claim, body, scratch, start, end);
            _append(evidence, start, chunks);
        }
        if (pointer != end) revert Referee_Length();
        assembly ("memory-safe") {
            mstore(0x40, and(add(mload(0x40), 31), not(31)))
        }
    }

    function _requireElement(Body memory body, Found memory found, uint256 openings, uint256 pointer) private pure {
        if (found.output >= body.outputs) revert Referee_Slot(OUTPUT_SLOT + found.output);
        uint256 size = Elements.size(body.types[body.inputs + found.output].dtype());
        if (
            openings == 0 ||
            Bytes.u8(pointer) != OUTPUT_SLOT + found.output ||
            Bytes.u8(pointer + 1) != 1 ||
            Bytes.u32(pointer + 2) != found.element * size ||
            Bytes.u32(pointer + 6) != size
        ) revert Referee_Element();
    }

    /// @dev Opens one tensor; its chunks are left in calldata at `chunks`.
    function _opening(
        Claim memory claim,
        Body memory body,
        uint256 scratch,
        uint256 pointer,
        uint256 end
    ) private view returns (uint256 chunks, uint256 next) {
        uint256 count = Bytes.u8(pointer + 1);
        uint256 siblings = pointer + 2 + 8 * count;
        (uint256 kind, uint256 index, TensorType shape) = _tensor(body, Bytes.u8(pointer));
        if (kind == INNER && claim.segmentRoot == 0) revert Referee_NoSegment(body.segment);
        {
            (, uint256 listCount) = claim.list(kind);
            chunks = siblings + 32 * Merkle.depth(listCount);
        }
        uint256 length = shape.byteLength();
        uint256 room = chunks < end ? (end - chunks) / Openings.CHUNK : 0;
        uint256 n = Openings.touched(pointer + 2, count, length, scratch, room);
        bytes32 root;
        (root, next) = Openings.fold(scratch, n, Openings.depth(length), chunks);
        claim.requireIs(shape.tensorRoot(root), kind, index, siblings);
    }

    /// @dev Where the tensor of a slot is committed, and its type.
    function _tensor(
        Body memory body,
        uint256 slot
    ) private pure returns (uint256 kind, uint256 index, TensorType shape) {
        if (slot >= OUTPUT_SLOT) {
            uint256 output = slot - OUTPUT_SLOT;
            if (output >= body.outputs) revert Referee_Slot(slot);
            kind = (body.boundary >> output) & 1 == 0 ? INNER : VALUE;
            return (kind, body.firstValue + output, body.types[body.inputs + output]);
        }
        if (slot >= body.inputs) revert Referee_Slot(slot);
        (kind, index) = body.ref(slot);
        if (kind == 0 || kind > INNER) revert Referee_Slot(slot);
        shape = body.types[slot];
    }

    /// @dev Appends every range of the opening at `pointer`, whose chunks lie at `chunks`, to the evidence:
    /// `slot u8 ‖ offset u32 ‖ length u32 ‖ data`.
    function _append(bytes memory evidence, uint256 pointer, uint256 chunks) private pure {
        assembly ("memory-safe") {
            let to := mload(0x40)
            let slot := byte(0, calldataload(pointer))
            let range := add(pointer, 2)
            let last := add(range, shl(3, byte(1, calldataload(pointer))))
            let fresh := 0 // first chunk not yet passed
            for {} lt(range, last) {
                range := add(range, 8)
            } {
                let head := shr(192, calldataload(range))
                let offset := shr(32, head)
                let length := and(head, 0xffffffff)
                // a range may begin in the chunk in which the one before it ended
                let chunk := shr(10, offset)
                if lt(chunk, fresh) {
                    chunks := sub(chunks, 1024)
                }
                mstore(to, shl(184, or(shl(64, slot), head)))
                calldatacopy(add(to, 9), add(chunks, and(offset, 1023)), length)
                to := add(add(to, 9), length)
                fresh := add(shr(10, sub(add(offset, length), 1)), 1)
                chunks := add(chunks, shl(10, sub(fresh, chunk)))
            }
            mstore(evidence, sub(to, add(evidence, 32)))
            mstore(0x40, to)
        }
    }
}
