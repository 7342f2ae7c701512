// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobContext} from "./JobContext.sol";
import {Positions} from "./Positions.sol";

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
        uint256 siblings = Positions.depth(terms.count) * 32;
        uint256 end = HEAD + siblings;
        require(proof.length == end || proof.length == end + 32 + siblings, IJobMarket.JobMarket_Proof());
        bytes32 programId = bytes32(proof[:32]);
        bytes32 inputsRoot = bytes32(proof[32:64]);
        bytes32 context = bytes32(proof[96:128]);
        leaf = uint32(bytes4(proof[128:132]));
        require(leaf < terms.count, IJobMarket.JobMarket_Proof());

        bytes32 claim = JobContext.claim(programId, inputsRoot, bytes32(proof[64:96]), context);
        require(Positions.root(claim, leaf, proof[HEAD:end]) == batchRoot, IJobMarket.JobMarket_Proof());
        if (programId != terms.programId) return leaf;
        if (context != JobContext.context(address(this), jobId, leaf)) return leaf;

        require(proof.length > end, IJobMarket.JobMarket_NoFault());
        bytes32 expected = bytes32(proof[end:end + 32]);
        require(Positions.root(expected, leaf, proof[end + 32:]) == terms.inputsRoot, IJobMarket.JobMarket_Proof());
        require(inputsRoot != expected, IJobMarket.JobMarket_NoFault());
    }
}
