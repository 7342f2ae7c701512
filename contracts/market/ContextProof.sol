// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {JobContext} from "./JobContext.sol";

/// @notice Reads the proof of {IJobMarket-proveContext} and says whether it shows a claim that is not the job's.
library ContextProof {
    /// @notice Bytes before the batch siblings: four words and the leaf.
    uint256 private constant HEAD = 132;

    /// @notice The claim of `batchRoot` that the proof opens; reverts unless it is foreign to the job.
    /// @return leaf its position
    function foreignLeaf(
        IJobMarket.Terms calldata terms,
        bytes32 jobId,
        bytes32 batchRoot,
        bytes calldata proof
    ) internal view returns (uint32 leaf) {
        uint256 siblings = Merkle.depth(terms.count) * 32;
        uint256 end = HEAD + siblings;
        require(proof.length == end || proof.length == end + 32 + siblings, IJobMarket.JobMarket_Proof());
        bytes32 programId = bytes32(proof[:32]);
        bytes32 inputsRoot = bytes32(proof[32:64]);
        bytes32 context = bytes32(proof[96:128]);
        leaf = uint32(bytes4(proof[128:132]));

        bytes32 claim = JobContext.claim(programId, inputsRoot, bytes32(proof[64:96]), context);
        require(opens(batchRoot, claim, leaf, terms.count, proof[HEAD:end]), IJobMarket.JobMarket_Proof());
        if (programId != terms.programId) return leaf;
        if (context != JobContext.context(address(this), jobId, leaf)) return leaf;

        require(proof.length > end, IJobMarket.JobMarket_NoFault());
        bytes32 expected = bytes32(proof[end:end + 32]);
        require(opens(terms.inputsRoot, expected, leaf, terms.count, proof[end + 32:]), IJobMarket.JobMarket_Proof());
        require(inputsRoot != expected, IJobMarket.JobMarket_NoFault());
    }

    /// @notice Whether these siblings, no more and no fewer, lead from `leaf` at `index` of a list to its root.
    function opens(
        bytes32 root,
        bytes32 leaf,
        uint256 index,
        uint256 count,
        bytes calldata siblings
    ) internal pure returns (bool) {
        (uint256 pointer, uint256 end) = Bytes.bounds(siblings);
        (bytes32 top, uint256 next) = Merkle.up(leaf, index, count, pointer);
        return top == root && next == end;
    }
}
